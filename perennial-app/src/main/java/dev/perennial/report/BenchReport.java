package dev.perennial.report;

import dev.perennial.bench.BenchResults;
import dev.perennial.bench.RunOutcome;
import dev.perennial.clip.checkpoint.DurableFile;
import dev.perennial.evaluate.alignment.AlignmentMeasure;
import dev.perennial.evaluate.alignment.AlignmentRow;
import dev.perennial.evaluate.metric.Spread;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;

/**
 * The table of a benchmark in all its forms. Every form names the protocol, and none puts two protocols in one table.
 *
 * <p>Cells are means over seeds with the sample standard deviation.
 */
public final class BenchReport {
    private static final CSVFormat LINES =
            CSVFormat.RFC4180.builder().setRecordSeparator('\n').get();

    private BenchReport() {}

    /**
     * Writes {@code table.csv}, {@code runs.csv}, {@code alignment.csv}, {@code table.md} and {@code report.html} into a folder that
     * exists.
     */
    public static void write(BenchResults results, Path folder) {
        put(folder.resolve("table.csv"), tableCsv(results));
        put(folder.resolve("runs.csv"), runsCsv(results));
        put(folder.resolve("alignment.csv"), alignmentCsv(results));
        put(folder.resolve("table.md"), markdown(results));
        put(folder.resolve("report.html"), BenchPage.of(results));
    }

    /** Returns the table as plain text for a terminal. */
    public static String plain(BenchResults results) {
        var out = new StringBuilder();
        for (BenchTable table : BenchTable.of(results)) {
            out.append(Format.line(table.stream()))
                    .append(", protocol ")
                    .append(table.protocol().label());
            out.append(": ").append(table.protocol().meaning()).append("\n\n");
            out.append(table.text().plain()).append('\n');
        }
        unfinished(results).forEach(line -> out.append(Format.line(line)).append('\n'));
        return out.toString();
    }

    /** Returns the table in Markdown. */
    public static String markdown(BenchResults results) {
        var out = new StringBuilder("# " + Markdown.escape(results.suite().name()) + "\n\n");
        results.suite()
                .description()
                .ifPresent(text -> out.append(Markdown.escape(text)).append("\n\n"));
        for (BenchTable table : BenchTable.of(results)) {
            out.append("Stream ").append(Markdown.escape(table.stream())).append(", protocol **");
            out.append(table.protocol().label())
                    .append("**: ")
                    .append(table.protocol().meaning());
            out.append(" Mean ± sample standard deviation over seeds; the best of each metric is marked \\*.\n\n");
            out.append(table.text().markdown()).append('\n');
            AlignmentView alignment = AlignmentView.ofRows(table.rows());
            if (!alignment.isEmpty()) {
                out.append("Alignment after the last experience, mean over seeds:\n\n");
                out.append(alignment.table().markdown()).append('\n');
            }
        }
        unfinished(results)
                .forEach(line -> out.append("- ").append(Markdown.escape(line)).append('\n'));
        return out.toString();
    }

    /** One line a method, with the mean and the deviation of every column. */
    private static String tableCsv(BenchResults results) {
        List<List<Object>> lines = new ArrayList<>();
        for (BenchTable table : BenchTable.of(results)) {
            List<Object> header = new ArrayList<>(List.of("protocol", "stream", "row", "method", "seeds"));
            for (BenchTable.Column column : table.columns()) {
                header.add(column.key());
                header.add(column.key() + "Sd");
            }
            lines.add(header);
            for (BenchTable.Row row : table.rows()) {
                List<Object> line = new ArrayList<>(List.of(
                        table.protocol().label(),
                        table.stream(),
                        row.name(),
                        row.method(),
                        row.runs().size()));
                row.cells().forEach(cell -> {
                    line.add(cell.map(spread -> (Object) spread.mean()).orElse(""));
                    line.add(cell.map(Spread::deviation)
                            .filter(OptionalDouble::isPresent)
                            .map(deviation -> (Object) deviation.getAsDouble())
                            .orElse(""));
                });
                lines.add(line);
            }
        }
        return csv(lines);
    }

    /** One line a run, complete or not. */
    private static String runsCsv(BenchResults results) {
        List<List<Object>> lines = new ArrayList<>();
        List<BenchTable> tables = BenchTable.of(results);
        List<BenchTable.Column> columns = tables.stream()
                .flatMap(table -> table.columns().stream())
                .collect(Collectors.toMap(
                        BenchTable.Column::key, column -> column, (first, _) -> first, LinkedHashMap::new))
                .sequencedValues()
                .stream()
                .toList();
        List<Object> header = new ArrayList<>(List.of("row", "seed", "state", "protocol", "stream", "folder"));
        columns.forEach(column -> header.add(column.key()));
        lines.add(header);
        for (RunOutcome outcome : results.outcomes()) {
            List<Object> line =
                    new ArrayList<>(List.of(outcome.run().row(), outcome.run().seed()));
            var config = outcome.run().config().config();
            line.add(
                    switch (outcome) {
                        case RunOutcome.Done _ -> "done";
                        case RunOutcome.Failed _ -> "failed";
                        case RunOutcome.Pending _ -> "pending";
                    });
            line.addAll(List.of(
                    config.evaluation().protocol().label(),
                    config.stream().name(),
                    outcome.run().folder()));
            for (BenchTable.Column column : columns) {
                OptionalDouble value = outcome instanceof RunOutcome.Done done
                        ? column.value().apply(done.results())
                        : OptionalDouble.empty();
                line.add(value.isPresent() ? value.getAsDouble() : "");
            }
            lines.add(line);
        }
        return csv(lines);
    }

    /** One line a run and experience. */
    private static String alignmentCsv(BenchResults results) {
        List<List<Object>> lines = new ArrayList<>();
        List<Object> header = new ArrayList<>(List.of("row", "seed", "after"));
        Stream.of(AlignmentMeasure.values()).map(AlignmentMeasure::key).forEach(header::add);
        lines.add(header);
        for (RunOutcome.Done run : results.done()) {
            for (AlignmentRow row : run.results().alignment().rows()) {
                List<Object> line =
                        new ArrayList<>(List.of(run.run().row(), run.run().seed(), row.after()));
                Stream.of(AlignmentMeasure.values())
                        .map(measure ->
                                row.values().containsKey(measure) ? row.values().get(measure) : "")
                        .forEach(line::add);
                lines.add(line);
            }
        }
        return csv(lines);
    }

    /** Says of each run without results why it has none. */
    static List<String> unfinished(BenchResults results) {
        return results.outcomes().stream()
                .<String>mapMulti((outcome, lines) -> {
                    switch (outcome) {
                        case RunOutcome.Done _ -> {}
                        case RunOutcome.Failed failed ->
                            lines.accept(failed.run().name() + " failed: " + failed.reason());
                        case RunOutcome.Pending pending ->
                            lines.accept(pending.run().name() + " is still to do");
                    }
                })
                .toList();
    }

    private static String csv(List<List<Object>> lines) {
        var text = new StringWriter();
        try {
            for (List<Object> line : lines) {
                LINES.printRecord(text, line.toArray());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void put(Path file, String text) {
        DurableFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
