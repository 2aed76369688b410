package dev.perennial.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.perennial.clip.Clip;
import dev.perennial.clip.checkpoint.CheckpointOptions;
import dev.perennial.clip.text.Tokenizer;
import dev.perennial.run.AdaptRun;
import dev.perennial.run.AdaptedModel;
import dev.perennial.run.RunConfig;
import java.awt.Color;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands do with a run of cll-clip that has learned languages one after another. */
class LearnedLanguageTest {
    @TempDir
    Path folder;

    private Path model = Path.of("");
    private Path run = Path.of("");

    @BeforeEach
    void describePictures() throws IOException {
        model = TinyFiles.model(folder.resolve("tiny"), 1);
        run = folder.resolve("run");
        List<String> lines = new ArrayList<>(List.of("image\tcaption\tlanguage\tsplit"));
        for (String split : List.of("train", "test")) {
            for (int i = 0; i < 4; i++) {
                String cat = "%s/cat%d.png".formatted(split, i);
                String dog = "%s/dog%d.png".formatted(split, i);
                TinyFiles.image(folder.resolve(cat), new Color(200 + 10 * i, 10 * i, 0));
                TinyFiles.image(folder.resolve(dog), new Color(0, 10 * i, 200 + 10 * i));
                lines.add(String.join("\t", cat, "a cat", "en", split));
                lines.add(String.join("\t", dog, "a dog", "en", split));
                lines.add(String.join("\t", cat, "\u732b", "ja", split));
                lines.add(String.join("\t", dog, "\u72ac", "ja", split));
                if (i > 0) {
                    lines.add(String.join("\t", cat, i > 2 ? "il a un chat" : "chat", "fr", split));
                    lines.add(String.join("\t", dog, i > 1 ? "chien" : " ", "fr", split));
                }
            }
        }
        Files.write(folder.resolve("captions.tsv"), lines);
    }

    @Test
    void labelsInALearnedLanguageAreToldApart() throws IOException {
        learn("en", "fr");
        assertThat(chosen(run, "--language", "fr")).isEqualTo(Map.of("cat", "chat", "dog", "chien"));
        assertThat(classified(run, "--language", "fr")).isNotEqualTo(classified(model));
    }

    @Test
    void imagesAreRankedByAQueryInALearnedLanguage() throws IOException {
        learn("en", "fr");
        Path out = folder.resolve("vectors.csv");
        Outcome.of(
                        "embed",
                        "--model",
                        run,
                        "--images",
                        folder.resolve("test"),
                        "--text",
                        "chat",
                        "chien",
                        "--language",
                        "fr",
                        "--output",
                        out)
                .assertDone();
        Map<String, float[]> images = vectors(out, "image");
        Map<String, float[]> queries = vectors(out, "text");
        assertThat(images).hasSize(8);
        assertThat(nearest(queries.getOrDefault("chat", new float[0]), images)).allMatch(name -> name.contains("cat"));
        assertThat(nearest(queries.getOrDefault("chien", new float[0]), images)).allMatch(name -> name.contains("dog"));
    }

    @Test
    void aLanguageThatWasNotLearnedIsRefusedWithThoseThatWere() {
        learn("en", "fr");
        classify(run, "--language", "de").assertFailed(2, "no language 'de'", "[en, fr]");
        Path out = folder.resolve("vectors.csv");
        Outcome.of("embed", "--model", run, "--text", "Katze", "--language", "de", "--output", out)
                .assertFailed(2, "no language 'de'", "[en, fr]");
        assertThat(out).doesNotExist();
        classify(model, "--language", "fr").assertFailed(2, "no languages", "leave --language out");
    }

    @Test
    void aConvertedRunIsAModelThatKnowsItsLanguages() throws IOException {
        learn("en", "fr", "ja");
        Path converted = folder.resolve("converted");
        Outcome.of("models", "convert", run, converted).assertDone();
        for (String language : List.of("en", "fr", "ja")) {
            assertThat(classified(converted, "--language", language))
                    .isEqualTo(classified(run, "--language", language));
        }
        assertThat(classified(converted)).isEqualTo(classified(run)).isNotEqualTo(classified(model));
        classify(converted, "--language", "de").assertFailed(2, "no language 'de'", "[en, fr, ja]");
        int before = Tokenizer.load(model).vocabularySize();
        try (AdaptedModel adapted = AdaptedModel.open(run, ModelOption.source(), CheckpointOptions.NONE);
                HuggingFaceTokenizer theirs = HuggingFaceTokenizer.newInstance(converted.resolve("tokenizer.json"))) {
            Clip grown = adapted.clip().exportable().orElseThrow();
            assertThat(grown.tokenizer().vocabularySize()).isGreaterThan(before);
            for (String text : List.of("a cat", "chat", "chien", "\u732b", "\u72ac \u732b", "", " ", "\u1220\u120b")) {
                assertThat(Arrays.stream(theirs.encode(text).getIds())
                                .mapToInt(Math::toIntExact)
                                .toArray())
                        .as(text)
                        .isEqualTo(grown.tokenizer().encodeWhole(text))
                        .isEqualTo(Tokenizer.load(converted).encodeWhole(text));
            }
        }
    }

    @Test
    void englishIsSearchedBitForBitAsBeforeAfterALanguageThatMovedNoneOfItsRows() throws IOException {
        learn("en", "ja");
        List<String> afterEnglish = englishScores("en");
        assertThat(afterEnglish).hasSize(6).isEqualTo(englishScores("ja")).isNotEqualTo(englishScores("zero-shot"));
        assertThat(report()).containsPattern("\\| ja +\\| en +\\| +[1-9]\\d* +\\| +0 +\\| +\\|");
    }

    @Test
    void theReportNamesTheRowsOfEnglishThatALanguageMoved() throws IOException {
        learn("en", "fr");
        assertThat(report())
                .contains("Token rows of earlier languages that moved")
                .containsPattern("\\| fr +\\| en +\\| 3 +\\| 1 +\\| a\\W");
    }

    @Test
    void emptyTextsAndUnseenScriptsAreEmbedded() throws IOException {
        learn("en", "fr");
        Path texts = Files.writeString(folder.resolve("texts.txt"), "\u0915\u0941\u0924\u094d\u0924\u093e\nchat\n");
        Path out = folder.resolve("vectors.csv");
        Outcome.of("embed", "-m", run, "--texts-file", texts, "--text", "", "--language", "fr", "-o", out)
                .assertDone();
        Map<String, float[]> vectors = vectors(out, "text");
        assertThat(vectors).hasSize(3).containsKey("");
        vectors.values().forEach(vector -> {
            for (float value : vector) {
                assertThat(value).isFinite();
            }
        });
    }

    private void learn(String... languages) {
        String yaml = """
                model: tiny
                method: cll-clip
                options:
                  vocabulary: {tokens: 600, segmentation: kept}
                  cross-lingual: 0.0
                  cross-modal: 1.0
                training: {steps: 100, batch-size: 8, warm-up: 0, learning-rate: 0.02, threads: 1}
                stream:
                  name: animals
                  languages:
                    data: {path: captions.tsv}
                    codes: %s
                """.formatted(List.of(languages));
        try {
            Path config = Files.writeString(folder.resolve("run.yaml"), yaml);
            new AdaptRun(RunConfig.read(config, List.of()), ModelOption.source(), folder.resolve("cache"), _ -> {})
                    .execute(run);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Outcome classify(Path of, String... further) {
        List<Object> arguments =
                new ArrayList<>(List.of("classify", "--model", of, "--labels", "chat,chien", "--format", "csv"));
        arguments.addAll(List.of(further));
        arguments.add(folder.resolve("test"));
        return Outcome.of(arguments.toArray());
    }

    private String classified(Path of, String... further) {
        return classify(of, further).assertDone().out();
    }

    /** Returns the most probable label of each kind of image, which all images of the kind share. */
    private Map<String, String> chosen(Path of, String... further) {
        Map<String, String> labels = new LinkedHashMap<>();
        classified(of, further)
                .lines()
                .map(line -> line.split(","))
                .filter(cells -> cells[1].equals("1"))
                .forEach(cells -> assertThat(labels.computeIfAbsent(kind(cells[0]), _ -> cells[2]))
                        .as(cells[0])
                        .isEqualTo(cells[2]));
        return labels;
    }

    private static String kind(String image) {
        return image.contains("cat") ? "cat" : "dog";
    }

    private static Map<String, float[]> vectors(Path csv, String kind) throws IOException {
        Map<String, float[]> vectors = new LinkedHashMap<>();
        for (String line : Files.readAllLines(csv)) {
            String[] cells = line.split(",");
            if (cells[0].equals(kind)) {
                float[] vector = new float[cells.length - 2];
                for (int i = 0; i < vector.length; i++) {
                    vector[i] = Float.parseFloat(cells[i + 2]);
                }
                vectors.put(cells[1], vector);
            }
        }
        return vectors;
    }

    /** Returns the four images whose embeddings have the largest cosine with a query's. */
    private static List<String> nearest(float[] query, Map<String, float[]> images) {
        return images.entrySet().stream()
                .sorted(Comparator.comparingDouble(image -> -dot(query, image.getValue())))
                .limit(4)
                .map(Map.Entry::getKey)
                .toList();
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    /** Returns recall at 1, 5 and 10 in both directions of English after an experience. */
    private List<String> englishScores(String after) throws IOException {
        return Files.readAllLines(run.resolve("further.csv")).stream()
                .map(line -> line.split(","))
                .filter(cells -> cells[1].equals(after) && cells[2].equals("en"))
                .map(cells -> cells[0] + "=" + cells[3])
                .toList();
    }

    private String report() throws IOException {
        Path markdown = folder.resolve("report.md");
        Outcome.of("report", run, "--format", "markdown", "--output", markdown).assertDone();
        return Files.readString(markdown);
    }
}
