package dev.perennial.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.clip.Clip;
import dev.perennial.clip.checkpoint.Safetensors;
import dev.perennial.clip.checkpoint.TensorFile;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CommandsTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    static Path models;

    @TempDir
    Path folder;

    static Path model = Path.of("");

    @BeforeAll
    static void writeModel() {
        model = TinyFiles.model(models.resolve("tiny"), 1);
    }

    @Test
    void classifyPrintsJsonWithProbabilitiesThatAddUpToOne() {
        TinyFiles.image(folder.resolve("pets/a.png"), Color.RED);
        TinyFiles.image(folder.resolve("pets/deeper/b.png"), Color.BLUE);

        Outcome outcome = Outcome.of(
                        "classify",
                        "--model",
                        model,
                        "--labels",
                        "cat,dog,\"fox, red\"",
                        "--template-set",
                        "openai-7",
                        "--format",
                        "json",
                        folder.resolve("pets"))
                .assertDone();

        JsonNode images = JSON.readTree(outcome.out());
        assertThat(images.size()).isEqualTo(2);
        JsonNode first = images.get(0);
        assertThat(first.path("image").asString()).endsWith("a.png");
        assertThat(first.path("predictions")
                        .valueStream()
                        .map(p -> p.path("label").asString()))
                .containsExactlyInAnyOrder("cat", "dog", "fox, red");
        assertThat(first.path("predictions")
                        .valueStream()
                        .mapToDouble(p -> p.path("probability").asDouble())
                        .sum())
                .isCloseTo(1, Offset.offset(1e-5));
    }

    @Test
    void classifyAgreesWithTheLibrary() {
        Path image = TinyFiles.image(folder.resolve("a.png"), Color.GREEN);
        Outcome outcome = Outcome.of(
                        "classify", "--model", model, "--labels", "cat,dog", "--top", "1", "--format", "csv", image)
                .assertDone();
        try (Clip clip = Clip.load(model);
                var classifier = clip.classifier(List.of("cat", "dog"))) {
            var best = classifier.classify(image).getFirst();
            assertThat(outcome.out().lines())
                    .containsExactly(
                            "image,rank,label,probability",
                            image + ",1," + best.label() + "," + (float) best.probability());
        }
    }

    @Test
    void classifyTableShowsEachImageOnce() {
        Path image = TinyFiles.image(folder.resolve("a.png"), Color.GREEN);
        Outcome outcome = Outcome.of("classify", "--model", model, "--labels", "cat,dog,fox", "--top", "2", image)
                .assertDone();
        assertThat(outcome.out().lines()).hasSize(3);
        assertThat(outcome.out()).containsOnlyOnce("a.png").contains("%");
    }

    @Test
    void embedWritesTheSameNumbersInEveryForm() throws IOException {
        Path image = TinyFiles.image(folder.resolve("a.png"), Color.GREEN);
        Path texts = Files.writeString(folder.resolve("texts.txt"), "a cat\na dog, \"barking\"\n");
        for (String form : List.of("safetensors", "csv", "jsonl")) {
            Outcome.of("embed", "--model", model, "--images", image, "--texts-file", texts, "-o", out(form))
                    .assertDone();
        }

        float[] expected;
        try (Clip clip = Clip.load(model)) {
            expected = clip.embedText("a dog, \"barking\"");
        }
        try (TensorFile file = Safetensors.read(out("safetensors"))) {
            assertThat(file.tensor("image_embeddings").shape()).containsExactly(1, TinyFiles.EMBED_DIM);
            assertThat(file.tensor("text_embeddings").rows(1, 2).toFloats()).isEqualTo(row(expected, "jsonl"));
            assertThat(JSON.readTree(file.metadata().get("text_keys")).get(1).asString())
                    .isEqualTo("a dog, \"barking\"");
            assertThat(JSON.readTree(file.metadata().get("image_keys")).get(0).asString())
                    .isEqualTo(image.toString());
        }
        assertThat(Files.readAllLines(out("csv"))).hasSize(3).last().asString().startsWith("text,\"a dog, \"\"barking");
    }

    /** Returns the last row of the JSON lines after comparing it with what the library gives. */
    private float[] row(float[] expected, String form) throws IOException {
        JsonNode line = JSON.readTree(Files.readAllLines(out(form)).getLast());
        float[] row = new float[line.path("embedding").size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = line.path("embedding").get(i).floatValue();
        }
        assertThat(row).containsExactly(expected, Offset.offset(1e-6f));
        return row;
    }

    private Path out(String form) {
        return folder.resolve("out." + form);
    }

    @Test
    void embedGoesOnAfterACorruptImage() throws IOException {
        Path good = TinyFiles.image(folder.resolve("a.png"), Color.GREEN);
        TinyFiles.truncated(good, folder.resolve("b.png"));
        Outcome.of("embed", "--model", model, "--images", folder, "--output", out("csv"))
                .assertFailed(1, "b.png");
        assertThat(Files.readAllLines(out("csv"))).singleElement().asString().contains("a.png");
    }

    @Test
    void convertedModelGivesIdenticalEmbeddings() {
        Path image = TinyFiles.image(folder.resolve("a.png"), Color.ORANGE);
        Outcome.of("models", "convert", model, folder.resolve("copy")).assertDone();
        Outcome.of("models", "convert", model, folder.resolve("half"), "--dtype", "bfloat16")
                .assertDone();
        try (Clip clip = Clip.load(model);
                Clip copy = Clip.load(folder.resolve("copy"));
                Clip half = Clip.load(folder.resolve("half"))) {
            assertThat(copy.embedImage(image)).isEqualTo(clip.embedImage(image));
            assertThat(copy.embedText("a red fox")).isEqualTo(clip.embedText("a red fox"));
            assertThat(half.embedImage(image)).containsExactly(clip.embedImage(image), Offset.offset(0.05f));
        }
    }

    @Test
    void aModelToTrainFromScratchHasOnlyTheShapeOfAnother() {
        Path one = folder.resolve("one");
        Path same = folder.resolve("same");
        Path other = folder.resolve("other");
        Outcome.of("models", "init", model, one, "--seed", 1).assertDone();
        Outcome.of("models", "init", model, same, "--seed", 1).assertDone();
        Outcome.of("models", "init", model, other, "--seed", 2).assertDone();
        Outcome.of("models", "init", model, one).assertFailed(2, "one: is not empty");
        Outcome.of("models", "init", "ViT-B-33", folder.resolve("new"))
                .assertFailed(2, "no model or architecture 'ViT-B-33'; did you mean 'ViT-B-32'?");
        assertThat(one.resolve("model.safetensors")).hasSameBinaryContentAs(same.resolve("model.safetensors"));
        try (Clip like = Clip.load(model);
                Clip drawn = Clip.load(one);
                Clip another = Clip.load(other)) {
            assertThat(drawn.config()).isEqualTo(like.config());
            assertThat(drawn.preprocessing()).isEqualTo(like.preprocessing());
            assertThat(drawn.embedText("a red fox"))
                    .isNotEqualTo(like.embedText("a red fox"))
                    .isNotEqualTo(another.embedText("a red fox"));
        }
    }

    @Test
    void inspectDescribesTheModel() {
        JsonNode facts = JSON.readTree(Outcome.of("models", "inspect", model, "--format", "json")
                .assertDone()
                .out());
        assertThat(facts.path("format").asString()).isEqualTo("hugging face folder");
        assertThat(facts.path("activation").asString()).isEqualTo("quick_gelu");
        assertThat(facts.path("embedding").asInt()).isEqualTo(TinyFiles.EMBED_DIM);
        assertThat(facts.path("tensors").path("F32").asInt()).isPositive();
        assertThat(facts.path("sha256").asString()).matches("[0-9a-f]{64}");
        assertThat(facts.path("tokenizer").asString()).contains("tiny");
        try (Clip clip = Clip.load(model)) {
            assertThat(facts.path("parameters").asLong())
                    .isEqualTo(clip.parameters().count());
        }
        assertThat(Outcome.of("models", "inspect", model).assertDone().out()).contains("ViT, 32 px, patch 8");
    }

    @Test
    void modelsListKnowsThePublishedSizes() {
        assertThat(Outcome.of("models", "ls").assertDone().out().lines())
                .anySatisfy(line -> assertThat(line).contains("ViT-B-32-openai", "151.3 M"));
    }

    @Test
    void methodsAreListedAndShown() {
        JsonNode methods = JSON.readTree(
                Outcome.of("methods", "ls", "--format", "json").assertDone().out());
        assertThat(methods.valueStream().map(method -> method.path("name").asString()))
                .contains("finetune", "frozen");
        assertThat(Outcome.of("methods", "ls").assertDone().out()).contains("arXiv");
        assertThat(Outcome.of("methods", "show", "finetune").assertDone().out())
                .contains("label-smoothing: 0.2", "# Source: ");
    }

    @Test
    void validateSummarisesAGoodConfiguration() {
        TinyFiles.dataset(folder.resolve("pets"));
        Path config = TinyFiles.config(folder, "");
        assertThat(Outcome.of("validate", config, "model=" + model).assertDone().out())
                .startsWith("Config is well-formed: method finetune")
                .contains("1 task (pets)", "8 training samples", "2 steps");
    }

    @Test
    void doctorMeasuresTheMachine() {
        assertThat(Outcome.of("doctor").assertDone().out())
                .contains("java", "PyTorch", "GFLOP/s", "OMP_WAIT_POLICY", "cache");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "classify",
                "embed",
                "models",
                "models ls",
                "models inspect",
                "models convert",
                "models init",
                "models pull",
                "methods",
                "methods ls",
                "methods show",
                "validate",
                "report",
                "doctor"
            })
    void helpShowsAnExample(String command) {
        Object[] arguments = (command + " --help").split(" ");
        assertThat(Outcome.of(arguments).assertDone().out())
                .contains("Usage: perennial " + command, "Example: perennial");
    }
}
