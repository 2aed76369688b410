package dev.perennial.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.evaluate.PredictionSample.Prediction;
import dev.perennial.evaluate.metric.ContinualMetric;
import dev.perennial.evaluate.metric.ContinualMetrics;
import dev.perennial.evaluate.metric.ResultMatrix;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFilesTest {
    @TempDir
    Path folder;

    @Test
    void resultsComeBackAsTheyWereWritten() throws IOException {
        RunResults written = results();
        new ResultFiles(folder).write(written);
        RunResults read = RunResults.read(folder);
        assertThat(read.summary()).isEqualTo(written.summary());
        assertThat(read.samples()).isEqualTo(written.samples());
        assertThat(read.samples().getFirst().thumbnail().mediaType()).isEqualTo("image/png");
        assertThat(ContinualMetric.means(read.matrix())).isEqualTo(ContinualMetric.means(written.matrix()));
        assertThat(read.matrix().score(0, 0)).hasValue(100 / 3.0);
        assertThat(read.matrix().score(1, 0)).isEmpty();
        assertThat(read.matrix().learnedAt(2)).isEmpty();
        assertThat(ContinualMetrics.zeroShotRetention(read.matrix()).values())
                .containsOnlyKeys("tools, small", "held \"out\"");
    }

    @Test
    void theMatrixIsAPlainTable() throws IOException {
        new ResultFiles(folder).write(results().matrix());
        assertThat(Files.readString(folder.resolve("matrix.csv"))).isEqualTo("""
                after,birds,"tools, small","held ""out""\"
                zero-shot,50.0,40.0,30.0
                spring,33.333333333333336,20.5,30.0
                """);
    }

    @Test
    void theProtocolIsNamedInTheSummary() throws IOException {
        new ResultFiles(folder).write(results().summary());
        assertThat(Files.readString(folder.resolve("summary.json"))).contains("\"protocol\" : \"task-aware\"");
    }

    @Test
    void aFolderThatIsNoRunSaysSo() {
        assertThatThrownBy(() -> RunResults.read(folder))
                .isInstanceOf(ResultFileException.class)
                .hasMessageContaining("summary.json: there is no such file; is this a run folder");
    }

    @Test
    void picturesAreOptional() throws IOException {
        new ResultFiles(folder).write(results());
        Files.delete(folder.resolve("predictions.json"));
        assertThat(RunResults.read(folder).samples()).isEmpty();
    }

    @Test
    void damagedFilesSayWhatIsWrongAndWhere() throws IOException {
        RunResults results = results();
        new ResultFiles(folder).write(results);
        damage("summary.json", "\"seed\" : 7,", "");
        assertThatThrownBy(() -> RunResults.read(folder))
                .hasMessageContaining("summary.json")
                .hasMessageContaining("seed");
        new ResultFiles(folder).write(results);
        damage("summary.json", "task-aware", "task-blind");
        assertThatThrownBy(() -> RunResults.read(folder)).hasMessageContaining("unknown protocol 'task-blind'");
        new ResultFiles(folder).write(results);
        damage("summary.json", "}", "");
        assertThatThrownBy(() -> RunResults.read(folder))
                .hasMessageContaining("summary.json")
                .hasMessageContaining("line");
        new ResultFiles(folder).write(results);
        damage("matrix.csv", "20.5", "twenty");
        assertThatThrownBy(() -> RunResults.read(folder))
                .hasMessageContaining("matrix.csv: record 3: 'twenty' is not a number");
        new ResultFiles(folder).write(results);
        damage("matrix.csv", "spring", "winter");
        assertThatThrownBy(() -> RunResults.read(folder)).hasMessageContaining("matrix.csv: no experience 'winter'");
        new ResultFiles(folder).write(results);
        damage("matrix.csv", "birds", "bards");
        assertThatThrownBy(() -> RunResults.read(folder)).hasMessageContaining("no data set 'birds'");
        new ResultFiles(folder).write(results);
        damage("predictions.json", "iVBOR", "AAAAA");
        assertThatThrownBy(() -> RunResults.read(folder)).hasMessageContaining("neither PNG nor JPEG");
    }

    @Test
    void aMetricThatIsNotANumberIsRefused() {
        RunSummary good = results().summary();
        assertThatThrownBy(() -> new RunSummary(
                        good.run(),
                        good.method(),
                        good.protocol(),
                        good.model(),
                        good.stream(),
                        good.experiences(),
                        good.dataSets(),
                        Map.of("transfer", Double.NaN),
                        good.definitions(),
                        good.perDataSet(),
                        good.costs(),
                        good.parameters(),
                        good.provenance()))
                .hasMessageContaining("'transfer' is NaN");
    }

    private void damage(String name, String what, String with) throws IOException {
        Path file = folder.resolve(name);
        String text = Files.readString(file);
        assertThat(text).contains(what);
        Files.writeString(file, text.replace(what, with));
    }

    private static RunResults results() {
        List<String> dataSets = List.of("birds", "tools, small", "held \"out\"");
        ResultMatrix matrix = ResultMatrix.builder(List.of("spring", "summer"), dataSets)
                .teaches("spring", "birds")
                .teaches("summer", "tools, small")
                .zeroShot(50, 40, 30)
                .after("spring", 100 / 3.0, 20.5, 30)
                .build();
        RunSummary summary = new RunSummary(
                "demo",
                "zscl",
                Protocol.TASK_AWARE,
                new ModelInfo("perennial-micro", "ab".repeat(32)),
                "seasons",
                List.of(
                        new ExperienceInfo("spring", List.of("birds")),
                        new ExperienceInfo("summer", List.of("tools, small"))),
                dataSets.stream()
                        .map(name -> new DataSetInfo(name, 100, 10, "cd".repeat(32)))
                        .toList(),
                ContinualMetric.means(matrix),
                Arrays.stream(ContinualMetric.values())
                        .map(ContinualMetric::definition)
                        .toList(),
                Map.of("birds", Map.of("Mean per-class recall", 31.5)),
                new RunCosts(12.5, 10, 2, 18.5, 1 << 30),
                new ParameterCounts(10, 100, List.of(new ParameterCounts.Group("adapters", 10))),
                new Provenance(7, "0123abc", "ef".repeat(32), Map.of("java", "25")));
        PredictionSample sample = new PredictionSample(
                "birds",
                "birds/1",
                "robin",
                Thumbnail.of(png()),
                List.of(new Prediction("zero-shot", "wren", 0.5), new Prediction("spring", "robin", 0.75)));
        return new RunResults(summary, matrix, List.of(sample));
    }

    private static byte[] png() {
        try (var bytes = new ByteArrayOutputStream()) {
            ImageIO.write(new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB), "png", bytes);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
