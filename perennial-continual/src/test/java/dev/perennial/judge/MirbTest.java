package dev.perennial.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.Clip;
import dev.perennial.clip.TinyClip;
import dev.perennial.clip.checkpoint.CheckpointOptions;
import dev.perennial.clip.checkpoint.StoredType;
import dev.perennial.data.DatasetException;
import dev.perennial.data.Pictures;
import dev.perennial.judge.MirbLayout.Question;
import dev.perennial.run.AdaptedModel;
import dev.perennial.run.ModelSource;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The published layout, on a few made-up questions of each subset. */
class MirbTest {
    @TempDir
    Path folder;

    @Test
    void everySubsetIsScoredOrNotApplicableAndNeverZeroForThat() throws IOException {
        pictures();
        write("image_jigsaw", jigsaw("Which order? A. [1, 2, 3, 4] B. [4, 3, 2, 1]", "A"), jigsaw("Which one?", "A"));
        write("count", question("How many apples are in all the images?", 2, "3"));
        write("3d_scene", question("How many cubes are there in the scene?", 2, "\"2\""));
        write("domain", yesNo());
        write("analogy", question("Same relation?", 4, "\"yes\""));
        write("places", question("Where is this?", 1, "\"Rome\""), question("Where is this?", 1, "\"Paris\""));
        write("codeu", question("What does it print? A. 1 B. 2", 2, "\"A\""));
        write("arxiv", question("Which paper?", 2, "\"A title\""));
        write("count_concat", question("How many apples are there?", 1, "3"));
        BenchmarkResult result = judge();

        Measure jigsaw = result.measure("image_jigsaw").orElseThrow();
        assertThat(jigsaw.samples()).isEqualTo(1);
        assertThat(jigsaw.chance()).hasValue(50);
        assertThat(result.measure("image_jigsaw, pixels alone").orElseThrow().value())
                .hasValue(100);
        assertThat(result.measure("count").orElseThrow().note()).contains("mean absolute error");
        assertThat(result.measure("3d_scene").orElseThrow().chance().orElseThrow())
                .isCloseTo(100 / 11.0, within(1e-9));
        assertThat(result.measure("attribute, yes or no").orElseThrow().majority())
                .hasValue(50);
        assertThat(result.measure("attribute, yes or no, area under ROC")).isPresent();
        assertThat(result.measure("analogy").orElseThrow().value())
                .as("one question is too few")
                .isEmpty();
        assertThat(result.measure("sightseeing, name of a place").orElseThrow().chance())
                .hasValue(50);
        assertThat(result.measure("codeu").orElseThrow().value()).isEmpty();
        assertThat(result.measure("codeu").orElseThrow().note()).contains("needs reading");
        assertThat(result.measure("arxiv").orElseThrow().value()).isEmpty();
        assertThat(result.remarks())
                .anyMatch(remark -> remark.contains("image_jigsaw: 1 questions left out"))
                .anyMatch(remark -> remark.contains("count_concat"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "[{\"questions\": \"a\", \"images\": [\"images/0.png\"]}]",
                "[{\"questions\": \"a\", \"images\": [\"images/0.png\"], \"answers\": 1, \"hint\": \"b\"}]",
                "[{\"questions\": 3, \"images\": [\"images/0.png\"], \"answers\": 1}]",
                "[{\"questions\": \"a\", \"images\": [], \"answers\": 1}]",
                "[{\"questions\": \"a\", \"images\": [\"images/none.png\"], \"answers\": 1}]",
                "[{\"questions\": \"a\", \"images\": [\"../secret.png\"], \"answers\": 1}]",
                "[{\"questions\": \"a\", \"images\": [\"images/0.png\"], \"answers\": [1]}]",
                "not JSON"
            })
    void otherFormsAreRefused(String text) throws IOException {
        pictures();
        Files.write(folder.resolveSibling("secret.png"), Pictures.png("red", 1));
        Files.writeString(folder.resolve("count.json"), text);
        assertThatThrownBy(() -> MirbLayout.read(folder))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("count.json");
    }

    @Test
    void unknownAndDoubledSubsetsAreRefused() throws IOException {
        pictures();
        assertThatThrownBy(() -> MirbLayout.read(folder)).hasMessageContaining("is this MIRB?");
        write("attribute", question("Same?", 2, "\"yes\""));
        write("domain", question("Same?", 2, "\"yes\""));
        assertThatThrownBy(() -> MirbLayout.read(folder)).hasMessageContaining("under both its names");
        Files.delete(folder.resolve("domain.json"));
        write("riddles", question("Same?", 2, "\"yes\""));
        assertThatThrownBy(() -> MirbLayout.read(folder)).hasMessageContaining("'riddles' is no subset");
    }

    @Test
    void jigsawsOfUnknownFormAreNotRead() {
        assertThat(Jigsaw.of(puzzle("(A) 2-1-4-3 (B) 1-2-3-4", "b", 5))
                        .orElseThrow()
                        .options())
                .containsEntry("A", List.of(1, 0, 3, 2))
                .containsEntry("B", List.of(0, 1, 2, 3));
        assertThat(Jigsaw.of(puzzle("A: 0,1 B: 1,0", "B", 3))).isPresent();
        assertThat(Jigsaw.of(puzzle("A. 1, 2, 3 B. 3, 2, 1", "A", 5)))
                .as("too few numbers")
                .isEmpty();
        assertThat(Jigsaw.of(puzzle("A. 1, 1, 3, 4 B. 4, 3, 2, 1", "A", 5)))
                .as("no order")
                .isEmpty();
        assertThat(Jigsaw.of(puzzle("A. 1, 2, 3, 4 B. 4, 3, 2, 1", "C", 5)))
                .as("answer")
                .isEmpty();
        assertThat(Jigsaw.of(puzzle("A. 1,2,3,4,5 B. 5,4,3,2,1", "A", 6)))
                .as("no grid")
                .isEmpty();
    }

    @Test
    void guessesAddUpToTheAnswerWithTheirProbability() {
        Counting counting = Counting.of(new Question("How many red apples are there?", List.of(), "1"))
                .orElseThrow();
        assertThat(counting.noun()).isEqualTo("red apples");
        assertThat(counting.prompts()).hasSize(11).contains("a photo of seven red apples");
        assertThat(counting.chance(1)).isCloseTo(1 / 11.0, within(1e-12));
        // 0 + 1 or 1 + 0 of 121.
        assertThat(counting.chance(2)).isCloseTo(2 / 121.0, within(1e-12));
        assertThat(Counting.of(new Question("Count the apples.", List.of(), "1")))
                .isEmpty();
    }

    @Test
    void yesAndNoAreToldApartByTheScoreWithoutAThreshold() {
        var perfect = new BinaryTask("perfect");
        var useless = new BinaryTask("useless");
        IntStream.range(0, 20).forEach(i -> {
            perfect.add(i < 10 ? 0.1 + 0.01 * i : 0.8 + 0.01 * i, i >= 10);
            useless.add(0.5, i >= 10);
        });
        assertThat(perfect.areaUnderRoc()).isEqualTo(1);
        assertThat(perfect.measures().getFirst().value()).hasValue(100);
        assertThat(useless.areaUnderRoc()).isEqualTo(0.5);
        var hand = new BinaryTask("hand");
        hand.add(0.9, true);
        hand.add(0.4, true);
        hand.add(0.4, false);
        hand.add(0.1, false);
        // Of four pairs three are right and one is a tie.
        assertThat(hand.areaUnderRoc()).isEqualTo(3.5 / 4);
    }

    private static Question puzzle(String text, String answer, int images) {
        return new Question(
                text,
                IntStream.range(0, images).mapToObj(i -> Path.of(i + ".png")).toList(),
                answer);
    }

    private BenchmarkResult judge() {
        try (Clip clip = TinyClip.create(3)) {
            clip.save(folder.resolve("model"), StoredType.F32);
        }
        var models = new ModelSource(Map.of(), folder);
        try (Benchmark benchmark =
                        new Benchmarks(folder).open(List.of("mirb:" + folder)).getFirst();
                AdaptedModel model = AdaptedModel.open(folder.resolve("model"), models, CheckpointOptions.NONE)) {
            return benchmark.judge(model, (_, _, _) -> {});
        }
    }

    /** Pictures by number; {@code whole} is made of the patches {@code p0} to {@code p3}. */
    private void pictures() throws IOException {
        Files.createDirectories(folder.resolve("images"));
        for (int i = 0; i < 4; i++) {
            Files.write(folder.resolve("images/" + i + ".png"), Pictures.png(i % 2 == 0 ? "red" : "blue", i));
        }
        var whole = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
        for (int p = 0; p < 4; p++) {
            var patch = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
            for (int i = 0; i < 256; i++) {
                int rgb = 0x404040 * p | i;
                patch.setRGB(i % 16, i / 16, rgb);
                whole.setRGB(p % 2 * 16 + i % 16, p / 2 * 16 + i / 16, rgb);
            }
            ImageIO.write(patch, "png", folder.resolve("images/p" + p + ".png").toFile());
        }
        ImageIO.write(whole, "png", folder.resolve("images/whole.png").toFile());
    }

    private static String[] yesNo() {
        List<String> questions = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            boolean same = i % 2 == 0;
            questions.add(
                    "{\"questions\": \"Is it the same?\", \"images\": [\"images/0.png\", \"images/%d.png\"], \"answers\": \"%s\"}"
                            .formatted(same ? 2 : 1, same ? "yes" : "no"));
        }
        return questions.toArray(String[]::new);
    }

    private static String jigsaw(String text, String answer) {
        return "{\"questions\": \"%s\", \"images\": [\"images/whole.png\", \"images/p0.png\", \"images/p1.png\", \"images/p2.png\", \"images/p3.png\"], \"answers\": \"%s\"}"
                .formatted(text, answer);
    }

    private static String question(String text, int images, String answer) {
        List<String> paths = IntStream.range(0, images)
                .mapToObj(i -> "\"images/" + i + ".png\"")
                .toList();
        return "{\"questions\": \"%s\", \"images\": %s, \"answers\": %s}".formatted(text, paths, answer);
    }

    private void write(String subset, String... questions) throws IOException {
        Files.writeString(folder.resolve(subset + ".json"), "[" + String.join(",\n", questions) + "]");
    }
}
