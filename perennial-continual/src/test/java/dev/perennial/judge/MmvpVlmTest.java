package dev.perennial.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.Clip;
import dev.perennial.clip.TinyClip;
import dev.perennial.clip.checkpoint.CheckpointOptions;
import dev.perennial.clip.checkpoint.StoredType;
import dev.perennial.data.DatasetException;
import dev.perennial.data.Pictures;
import dev.perennial.run.AdaptedModel;
import dev.perennial.run.ModelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The published layout, on a set of two patterns. */
class MmvpVlmTest {
    private static final String TABLE = """
            Question ID,Type,Statement
            1,Orientation,"a snail, facing left"
            2,Orientation,a snail facing right
            4,Camera Perspective,seen from above
            3,Camera Perspective,seen from the side
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"MLLM_VLM Images,Camera Perspective", "MMVP_VLM_Images,Camera_Perspective"})
    void bothSpellingsOfFoldersAreRead(String images, String perspective) throws IOException {
        write(images, perspective, TABLE);
        List<MmvpVlmLayout.Pair> pairs = MmvpVlmLayout.read(folder);
        assertThat(pairs).hasSize(2);
        assertThat(pairs.getFirst().first().statement()).isEqualTo("a snail, facing left");
        assertThat(pairs.get(1).ofImage1().id()).isEqualTo(3);
        assertThat(pairs.get(1).first().id()).isEqualTo(4);
        assertThat(pairs.get(1).first().pattern().title()).isEqualTo("Viewpoint and Perspective");
        assertThat(pairs.get(1).first().image()).endsWith(Path.of(perspective, "4.jpg"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id,Type,Statement\n1,State,a\n2,State,b\n",
                "Question ID,Type,Statement\n1,State,a\n",
                "Question ID,Type,Statement\n1,State,a\n3,State,b\n",
                "Question ID,Type,Statement\n1,State,a\n2,Text,b\n",
                "Question ID,Type,Statement\n1,Mood,a\n2,Mood,b\n",
                "Question ID,Type,Statement\n1,State,a\n2,State\n",
                "Question ID,Type,Statement\n1,State,a\n2,State,b\n1,State,a\n2,State,b\n",
                "Question ID,Type,Statement\n"
            })
    void otherTablesAreRefused(String table) throws IOException {
        write("MLLM_VLM Images", "Camera Perspective", table);
        for (String type : List.of("State", "Text")) {
            for (int id = 1; id <= 3; id++) {
                picture(folder.resolve("MLLM_VLM Images").resolve(type).resolve(id + ".jpg"), id);
            }
        }
        assertThatThrownBy(() -> MmvpVlmLayout.read(folder))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("Questions.csv");
    }

    @Test
    void aMissingImageOrFolderIsNamed() throws IOException {
        write("MLLM_VLM Images", "Camera Perspective", TABLE);
        Files.delete(folder.resolve("MLLM_VLM Images/Camera Perspective/4.jpg"));
        assertThatThrownBy(() -> MmvpVlmLayout.read(folder)).hasMessageContaining("no image Camera Perspective/4.jpg");
        assertThatThrownBy(() -> MmvpVlmLayout.read(folder.resolve("MLLM_VLM Images")))
                .hasMessageContaining("is this MMVP-VLM?");
    }

    @Test
    void pairsAreScoredByPatternWithChance() throws IOException {
        write("MLLM_VLM Images", "Camera Perspective", TABLE);
        try (Clip clip = TinyClip.create(3)) {
            clip.save(folder.resolve("model"), StoredType.F32);
        }
        var models = new ModelSource(Map.of(), folder);
        try (Benchmark benchmark = new Benchmarks(folder)
                        .open(List.of("mmvp-vlm:" + folder))
                        .getFirst();
                AdaptedModel model = AdaptedModel.open(folder.resolve("model"), models, CheckpointOptions.NONE)) {
            BenchmarkResult result = benchmark.judge(model, (_, _, _) -> {});
            assertThat(result.measures())
                    .extracting(Measure::name)
                    .containsExactly(
                            "average of patterns",
                            "pairs, text to image",
                            "Orientation and Direction",
                            "Viewpoint and Perspective",
                            "pairs, image to text",
                            "pairs, both directions",
                            "single statements");
            assertThat(result.measures().getFirst().chance()).hasValue(25);
            assertThat(result.measures()).allMatch(measure -> measure.value().isPresent());
        }
    }

    private void write(String images, String perspective, String table) throws IOException {
        Files.writeString(folder.resolve("Questions.csv"), table);
        for (int id = 1; id <= 2; id++) {
            picture(folder.resolve(images).resolve("Orientation").resolve(id + ".jpg"), id);
            picture(folder.resolve(images).resolve(perspective).resolve((id + 2) + ".jpg"), id + 2);
        }
    }

    private static void picture(Path file, int number) throws IOException {
        Files.createDirectories(file.resolveSibling(""));
        Files.write(file, Pictures.png(number % 2 == 0 ? "red" : "blue", number));
    }
}
