package dev.perennial.report;

import dev.perennial.clip.checkpoint.DurableFile;
import dev.perennial.evaluate.statistic.Interval;
import dev.perennial.evaluate.statistic.Outcomes;
import dev.perennial.evaluate.statistic.PairedTest;
import dev.perennial.judge.Judge.Verdict;
import dev.perennial.judge.Measure;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.csv.CSVFormat;

/**
 * Scores of several models on benchmarks, side by side, in all forms. Kinds of benchmarks stand under headings of their own.
 *
 * <p>Square brackets hold 95 % confidence intervals. Differences are tested on the same samples.
 */
public final class JudgeReport {
    private static final CSVFormat LINES =
            CSVFormat.RFC4180.builder().setRecordSeparator('\n').get();
    static final String READING =
            "In percent, with 95 % confidence intervals in brackets: Wilson's for fewer than 200 samples, else by bootstrap;"
                    + " captions of one image are resampled together.";
    static final String DIFFERENCES =
            "Differences to the first model in points, with the 95 % interval of the paired bootstrap; p is of McNemar's exact"
                    + " test, or of the bootstrap where samples are not independent. Many comparisons make some small p by"
                    + " chance.";

    private JudgeReport() {}

    /** Writes {@code table.csv}, {@code table.md} and {@code report.html} into a folder that exists. */
    public static void write(List<Verdict> verdicts, Path folder) {
        put(folder.resolve("table.csv"), csv(verdicts));
        put(folder.resolve("table.md"), markdown(verdicts));
        put(folder.resolve("report.html"), JudgePage.of(verdicts));
    }

    /** Returns the tables as plain text for a terminal. */
    public static String plain(List<Verdict> verdicts) {
        var out = new StringBuilder();
        for (JudgeTable table : JudgeTable.of(verdicts)) {
            out.append(table.kind().heading())
                    .append("\n\n")
                    .append(table.scores().plain())
                    .append('\n');
            table.remarks().forEach(remark -> out.append(Format.line(remark)).append('\n'));
            table.differences().ifPresent(differences -> out.append('\n').append(differences.plain()));
            out.append('\n');
        }
        return out.toString();
    }

    /** Returns the tables in Markdown. */
    public static String markdown(List<Verdict> verdicts) {
        var out = new StringBuilder("# Evaluation\n\n" + READING + "\n\n");
        for (JudgeTable table : JudgeTable.of(verdicts)) {
            out.append("## ").append(table.kind().heading()).append("\n\n");
            out.append(table.kind().meaning()).append("\n\n");
            out.append(table.scores().markdown()).append('\n');
            table.remarks()
                    .forEach(remark ->
                            out.append("- ").append(Markdown.escape(remark)).append('\n'));
            table.differences()
                    .ifPresent(differences ->
                            out.append('\n').append(DIFFERENCES).append("\n\n").append(differences.markdown()));
            out.append('\n');
        }
        return out.toString();
    }

    /** One line for each model and measure. */
    static String csv(List<Verdict> verdicts) {
        var text = new StringWriter();
        try {
            LINES.printRecord(
                    text,
                    "model",
                    "model-sha256",
                    "kind",
                    "benchmark",
                    "data-sha256",
                    "measure",
                    "value",
                    "low",
                    "high",
                    "chance",
                    "majority",
                    "samples",
                    "note");
            for (Verdict verdict : verdicts) {
                for (var result : verdict.results()) {
                    for (Measure measure : result.measures()) {
                        Optional<Interval> interval = measure.outcomes().map(Interval::of);
                        List<Object> line = new ArrayList<>(List.of(
                                verdict.model(),
                                verdict.fingerprint(),
                                result.kind().label(),
                                result.benchmark(),
                                result.dataSha256(),
                                measure.name()));
                        line.add(cell(measure.value()));
                        line.add(interval.<Object>map(Interval::low).orElse(""));
                        line.add(interval.<Object>map(Interval::high).orElse(""));
                        line.add(cell(measure.chance()));
                        line.add(cell(measure.majority()));
                        line.add(measure.samples());
                        line.add(measure.note());
                        LINES.printRecord(text, line.toArray());
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** A score with its interval, such as {@code 50.5 [43.6, 57.4]}. */
    static String text(Measure measure) {
        if (measure.value().isEmpty()) {
            return "n/a";
        }
        String value = Format.score(measure.value().getAsDouble());
        return measure.outcomes()
                .map(Interval::of)
                .map(interval ->
                        value + " [" + Format.score(interval.low()) + ", " + Format.score(interval.high()) + "]")
                .orElse(value);
    }

    /** A difference with its interval and test, such as {@code +5.2 [1.0, 9.4] p 0.012}. */
    static String difference(Outcomes other, Outcomes first) {
        PairedTest test = PairedTest.of(other, first);
        String p = test.pValue() < 0.001 ? "p < 0.001" : String.format(java.util.Locale.ROOT, "p %.3f", test.pValue());
        return Format.points(test.difference()) + " ["
                + Format.score(test.interval().low()) + ", "
                + Format.score(test.interval().high()) + "] " + p;
    }

    private static Object cell(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : "";
    }

    private static void put(Path file, String text) {
        DurableFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
