package dev.perennial.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code perennial evaluate}. */
class EvaluateTest {
    @TempDir
    Path folder;

    private Path first = Path.of("");
    private Path second = Path.of("");

    @BeforeEach
    void makeModels() {
        first = TinyFiles.model(folder.resolve("first"), 1);
        second = TinyFiles.model(folder.resolve("second"), 2);
    }

    @Test
    void modelsStandSideBySideWithIntervalsAndTests() throws IOException {
        TinyFiles.dataset(folder.resolve("pets"));
        Path output = folder.resolve("judged");
        Outcome outcome = Outcome.of(
                        "evaluate",
                        "-m",
                        first + "," + second,
                        "-b",
                        "zero-shot:" + folder.resolve("pets"),
                        "-o",
                        output)
                .assertDone();
        assertThat(outcome.out())
                .contains("Zero-shot classification", "mean per-class recall", "calibration error", "report: ")
                .containsPattern("pets +top-1 +8 +50\\.0 +50\\.0 +\\d+\\.\\d \\[\\d+\\.\\d, \\d+\\.\\d\\]")
                .containsPattern("p [01]\\.\\d{3}");
        assertThat(Files.readAllLines(output.resolve("table.csv")))
                .hasSize(7)
                .first()
                .asString()
                .startsWith("model,model-sha256,kind,benchmark,data-sha256,measure,value,low,high");
        assertThat(output.resolve("table.md")).content().contains("## Zero-shot classification", "− ");
        assertThat(output.resolve("report.html")).content().contains("<h2>Zero-shot classification</h2>", "</html>");

        Outcome again = Outcome.of("evaluate", "-m", first, "-b", "zero-shot:" + folder.resolve("pets"))
                .assertDone();
        assertThat(again.out()).contains("1 of 1 results were known already");
        // A colour of its own, since results of an earlier build are known as well.
        TinyFiles.image(folder.resolve("pets/test/cat/9.png"), new Color((int) System.nanoTime()));
        assertThat(Outcome.of("evaluate", "-m", first, "-b", "zero-shot:" + folder.resolve("pets"))
                        .assertDone()
                        .out())
                .doesNotContain("known already");
    }

    @Test
    void modelsAreComparedYearByYearAndOnOldAndNewYears() throws IOException {
        var table = new StringBuilder("image,caption,language,year\n");
        for (int i = 0; i < 12; i++) {
            TinyFiles.image(folder.resolve("images/" + i + ".png"), new Color(20 * i, 0, 100));
            table.append("images/%d.png,thing %d,en,%d\n".formatted(i, i, 2018 + i / 3));
        }
        Files.writeString(folder.resolve("captions.csv"), table);
        String benchmark = "retrieval:" + folder.resolve("captions.csv");
        Path output = folder.resolve("judged");
        Outcome outcome = Outcome.of("evaluate", "--by", "year", first, second, "-b", benchmark, "-o", output)
                .assertDone();
        assertThat(outcome.out())
                .contains("captions by year: image to text R@1", "old, 2018 to 2019", "new, 2020 to 2021")
                .containsPattern("(?m)^2018 +3 +\\d+\\.\\d \\[")
                .containsPattern(
                        "gap of .*second over .*first, new less old: [+−-]?\\d+\\.\\d \\[.*\\] p [01]\\.\\d{3}");
        assertThat(output.resolve("report.html")).content().contains("data-periods", "\"since\":\"2020\"");
        assertThat(output.resolve("table.md")).content().contains("| old, 2018 to 2019 |");

        assertThat(Outcome.of("evaluate", "--by", "year", "--periods", "2", "--since", "2021", first, "-b", benchmark)
                        .assertDone()
                        .out())
                .contains("2018-2019", "2020-2021", "new, 2020 to 2021");
        Outcome.of("evaluate", "--by", "month", first, "-b", benchmark)
                .assertFailed(2, "no whole number or date 'month'; name the field");
        Outcome.of("evaluate", "--by", "year", "--since", "2030", first, "-b", benchmark)
                .assertFailed(2, "lies on one side of --since");
        Outcome.of("evaluate", first).assertFailed(2, "no benchmark is named");
    }

    @Test
    void benchmarksOfAFileAreJudgedByLanguage() throws IOException {
        TinyFiles.image(folder.resolve("images/a.png"), Color.RED);
        TinyFiles.image(folder.resolve("images/b.png"), Color.BLUE);
        TinyFiles.dataset(folder.resolve("pets"));
        Files.writeString(folder.resolve("captions.csv"), """
                image,caption,language
                images/a.png,a red thing,en
                images/b.png,a blue thing,en
                images/a.png,ein rotes Ding,de
                images/b.png,ein blaues Ding,de
                """);
        Files.writeString(folder.resolve("benchmarks.yaml"), """
                benchmarks:
                  - {name: search, kind: retrieval, data: {path: captions.csv}}
                  - name: tiere
                    kind: zero-shot
                    data: {path: pets}
                    class-names: {de: [Katze, Hund]}
                    language-templates: {de: ["ein Foto von {}."]}
                """);
        assertThat(Outcome.of("evaluate", "-m", first, "-b", folder.resolve("benchmarks.yaml"))
                        .assertDone()
                        .out())
                .contains("image to text R@1 (de)", "text to image R@10 (en)", "2 images and 2 captions in de")
                .contains("top-1 (de)");
    }

    @Test
    void whatIsNoBenchmarkIsRefused() throws IOException {
        Outcome.of("evaluate", "-m", first, "-b", "pets")
                .assertFailed(2, "'pets' is no benchmark", "zero-shot, retrieval, mmvp-vlm, mirb");
        Outcome.of("evaluate", "-m", first, "-b", "zeroshot:pets").assertFailed(2, "did you mean 'zero-shot'?");
        Outcome.of("evaluate", "-m", first + "," + first, "-b", "zero-shot:pets")
                .assertFailed(2, "named twice");
        Files.writeString(folder.resolve("b.yaml"), """
                benchmarks:
                  - {kind: zero-shot, data: {path: pets}, prompt: a photo of}
                """);
        Outcome.of("evaluate", "-m", first, "-b", folder.resolve("b.yaml"))
                .assertFailed(2, "'prompt' is a setting of retrieval");
    }
}
