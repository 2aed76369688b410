package dev.perennial.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.evaluate.ExperienceInfo;
import dev.perennial.evaluate.PredictionSample;
import dev.perennial.evaluate.PredictionSample.Prediction;
import dev.perennial.evaluate.Protocol;
import dev.perennial.evaluate.RunResults;
import dev.perennial.evaluate.RunSummary;
import dev.perennial.evaluate.alignment.AlignmentMeasure;
import dev.perennial.evaluate.diagnosis.DiagnosisMeasure;
import dev.perennial.evaluate.metric.ContinualMetric;
import dev.perennial.evaluate.metric.ResultMatrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static final RunResults ZSCL = SampleRuns.run("zscl", "zscl", Protocol.TASK_AWARE, 0.1, 149_620_737);
    private static final RunResults ADAPTERS =
            SampleRuns.run("adapters", "moe-adapters", Protocol.TASK_AWARE, 0.04, 59_800_000);
    private static final RunResults POOLED = SampleRuns.run("pooled", "moe-adapters", Protocol.POOLED, 0.2, 59_800_000);

    @TempDir
    Path folder;

    @Test
    void thePageIsWholeWithoutANetwork() throws IOException {
        String page = page(List.of(ZSCL, ADAPTERS));
        assertThat(page).contains("Content-Security-Policy").contains("default-src &#39;none&#39;");
        String markup = page.replaceAll("(?s)<script>.*?</script>", "");
        assertThat(Pattern.compile("(src|href)=\"(?!data:)|url\\(")
                        .matcher(markup)
                        .find())
                .isFalse();
        assertThat(page)
                .doesNotContain("sourceMappingURL")
                .contains("vegaEmbed")
                .endsWith("</body>\n</html>\n");
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void whatTrainingDidToTheTowersIsShownWhereItWasMeasured() throws IOException {
        assertThat(page(List.of(ZSCL))).doesNotContain("data-courses=\"diagnosis");
        RunResults measured = SampleRuns.diagnosed(ZSCL);
        assertThat(page(List.of(measured)))
                .contains("data-courses=\"diagnosis-0\"")
                .contains(DiagnosisMeasure.Kind.GRADIENT.reading());
        // Texts have twice the gradient of images, and drift ends at 0.5.
        assertThat(Report.markdown(List.of(measured)))
                .contains("### The towers during training", "| 2.00 |", "| 0.500 |");
    }

    @Test
    void howGoodItWasAtAnyTimeAndWhatBecameOfTheSamplesIsShownOfOnlineStreams() throws IOException {
        assertThat(page(List.of(ZSCL))).doesNotContain("data-courses=\"anytime");
        RunResults online = SampleRuns.online(ZSCL);
        assertThat(page(List.of(online))).contains("data-courses=\"anytime-0\"", "Samples dropped (%)");
        assertThat(Report.markdown(List.of(online)))
                .contains("### Samples of the stream", "10,000 |", "8,800 |", "1,000 |", "200 |");
    }

    @Test
    void alignmentIsShownBesideForgettingWhereItWasMeasured() throws IOException {
        assertThat(page(List.of(ZSCL, ADAPTERS)))
                .contains("data-alignment=\"alignment-0\"")
                .contains(AlignmentMeasure.DEVIATION.reading())
                .contains("\"panel\":\"Forgetting (points)\"", "\"panel\":\"Inter-modal deviation (°)\"");
        assertThat(Report.markdown(List.of(ZSCL))).contains("### Alignment at the end", "Rotation of images");
        var unmeasured = new RunResults(ZSCL.summary(), ZSCL.matrix(), ZSCL.samples());
        assertThat(page(List.of(unmeasured))).doesNotContain("data-alignment=");
    }

    @Test
    void theTablesAreReadableWithoutScripts() throws IOException {
        String text = page(List.of(ZSCL, ADAPTERS))
                .replaceAll("(?s)<script.*?</script>", "")
                .replaceAll("<[^>]*>", " ");
        for (ContinualMetric metric : ContinualMetric.values()) {
            assertThat(text)
                    .contains(metric.definition().title())
                    .contains(metric.definition().reading());
        }
        assertThat(text)
                .contains("Untouched model")
                .contains(Format.score(
                        ContinualMetric.TRANSFER.of(ZSCL.matrix()).mean().orElseThrow()))
                .contains("5806e77cd80f8b59890b7e101eabd078")
                .contains("cc9ed861d8e1f1e0a4ce29f03a4b6f3b9b0e4b11")
                .contains("zscl: of 8 pictures");
    }

    @Test
    void runsOfDifferentProtocolsNeverShareATable() {
        String text = Report.plain(List.of(ZSCL, POOLED, ADAPTERS));
        String taskAware = text.substring(0, text.indexOf("mtil-8 (pooled)"));
        assertThat(taskAware)
                .startsWith("mtil-8 (task-aware)")
                .contains("zscl", "adapters")
                .doesNotContain("pooled  ");
        assertThat(RunGroup.of(List.of(ZSCL, POOLED, ADAPTERS)))
                .extracting(RunGroup::title)
                .containsExactly("mtil-8 (task-aware)", "mtil-8 (pooled)");
    }

    @Test
    void theBestOfEachColumnIsMarkedAndTheUntouchedModelIsNotACompetitor() {
        Comparison comparison =
                Comparison.main(RunGroup.of(List.of(ZSCL, ADAPTERS)).getFirst());
        assertThat(comparison.rows())
                .extracting(Comparison.Row::name)
                .containsExactly("Untouched model", "zscl", "adapters");
        assertThat(comparison.rows().get(0).cells()).noneMatch(Comparison.Cell::best);
        assertThat(comparison.rows().get(1).cells()).noneMatch(Comparison.Cell::best);
        assertThat(comparison.rows().get(2).cells()).allMatch(Comparison.Cell::best);
        assertThat(comparison.rows().get(0).cells().get(5).text()).isEqualTo("100.0");
        Comparison alone = Comparison.main(RunGroup.of(List.of(ZSCL)).getFirst());
        assertThat(alone.rows().getLast().cells()).noneMatch(Comparison.Cell::best);
    }

    @Test
    void hostileNamesStayText() throws IOException {
        String evil = "</script><script>alert('x')</script><img src=x onerror=alert(1)>|`*";
        RunResults run = renamed(ADAPTERS, evil);
        String page = page(List.of(ZSCL, run));
        assertThat(page)
                .doesNotContain("<script>alert")
                .doesNotContain("<img src=x")
                .contains("&lt;/script&gt;");
        assertThat(page.split("</script>", -1))
                .as("two data blocks and seven scripts")
                .hasSize(10);
        assertThat(Report.markdown(List.of(ZSCL, run)))
                .doesNotContain("<script")
                .contains("&lt;img src=x onerror=alert(1)&gt;\\|\\`\\*");
        assertThat(Report.plain(List.of(renamed(ZSCL, "a\u001b[2Jb\nc"))))
                .doesNotContain("\u001b")
                .contains("a [2Jb c");
    }

    @Test
    void markdownHoldsComparisonMatricesGuideAndProvenance() {
        String text = Report.markdown(List.of(ZSCL, ADAPTERS));
        assertThat(text)
                .startsWith("# Continual learning report\n\n## mtil-8 (task-aware)\n")
                .contains("| Run | Method | Transfer (%) |")
                .contains("| zero-shot | 24.3 | 88.4 |")
                .contains("## How to read the numbers")
                .contains("- Seed: 7\n")
                .contains("- Model: openai/clip-vit-base-patch16\n");
    }

    @Test
    void anUnfinishedRunWithoutZeroShotAndPicturesStillHasAReport() throws IOException {
        RunSummary summary = ZSCL.summary();
        var builder = ResultMatrix.builder(summary.experienceNames(), summary.dataSetNames());
        for (ExperienceInfo experience : summary.experiences()) {
            experience.teaches().forEach(set -> builder.teaches(experience.name(), set));
        }
        ResultMatrix matrix = builder.after("Aircraft", 50, 80, 40, 50, 60, 70, 80, 60, Double.NaN)
                .build();
        String page = page(List.of(new RunResults(summary, matrix, List.of())));
        assertThat(page)
                .contains("not measured")
                .doesNotContain("Untouched model")
                .doesNotContain("Before and after");
    }

    @Test
    void whatSamplesWereTakenForIsATableOfItsOwn() throws IOException {
        SequencedMap<String, Double> aircraft = new LinkedHashMap<>();
        aircraft.put("top-5", 91.0);
        aircraft.put("taken for Aircraft", 75.0);
        aircraft.put("taken for none", 25.0);
        RunSummary old = ZSCL.summary();
        RunSummary summary = new RunSummary(
                old.run(),
                old.method(),
                old.protocol(),
                old.model(),
                old.stream(),
                old.experiences(),
                old.dataSets(),
                old.metrics(),
                old.definitions(),
                Map.of("Aircraft", aircraft),
                old.costs(),
                old.parameters(),
                old.provenance());
        var run = new RunResults(summary, ZSCL.matrix(), List.of());
        assertThat(page(List.of(run)))
                .contains("Recognised tasks", "75.0 % of Aircraft taken for Aircraft", "top-5 91.0")
                .doesNotContain("taken for none 25.0");
        assertThat(Report.markdown(List.of(run)))
                .contains("| samples of | Aircraft | none |", "| Aircraft | 75.0 | 25.0 |");
        assertThat(Report.plain(List.of(ZSCL))).doesNotContain("taken for");
    }

    @Test
    void twoRunsOfOneNameCannotBeToldApart() {
        assertThatThrownBy(() -> Report.plain(List.of(ZSCL, ZSCL))).hasMessageContaining("[zscl, zscl]");
        assertThatThrownBy(() -> Report.markdown(List.of())).hasMessageContaining("at least one run");
    }

    private String page(List<RunResults> runs) throws IOException {
        Path file = folder.resolve("report.html");
        Report.write(runs, file);
        return Files.readString(file);
    }

    private static RunResults renamed(RunResults run, String name) {
        RunSummary old = run.summary();
        RunSummary summary = new RunSummary(
                name,
                name,
                old.protocol(),
                old.model(),
                old.stream(),
                old.experiences(),
                old.dataSets(),
                old.metrics(),
                old.definitions(),
                old.perDataSet(),
                old.costs(),
                old.parameters(),
                old.provenance());
        PredictionSample picture = run.samples().getFirst();
        var sample =
                new PredictionSample(name, name, name, picture.thumbnail(), List.of(new Prediction(name, name, 1)));
        return new RunResults(summary, run.matrix(), List.of(sample));
    }
}
