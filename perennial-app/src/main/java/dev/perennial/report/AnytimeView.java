package dev.perennial.report;

import dev.perennial.evaluate.RunResults;
import dev.perennial.evaluate.anytime.AnytimeHistory;
import dev.perennial.evaluate.anytime.AnytimePoint;
import dev.perennial.evaluate.anytime.ArrivalCounts;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * How good a model was at any time of an online stream, and what became of the samples that came.
 *
 * @param lines one for each run, or for each method with the mean over its seeds
 */
record AnytimeView(List<Line> lines) {
    private static final String ACCURACY = "Accuracy over classes seen so far (%)";
    private static final String CLASSES = "Classes seen";
    private static final String DROPPED = "Samples dropped (%)";
    private static final String WAITING = "Samples waiting";

    /** Runs that are shown as one. */
    record Line(String name, List<AnytimeHistory> histories) {}

    /** Views single runs; those over other streams are left out. */
    static AnytimeView ofRuns(List<RunResults> runs) {
        return of(runs.stream().map(run -> line(run.summary().run(), List.of(run))));
    }

    /** Views the rows of a benchmark. */
    static AnytimeView ofRows(List<BenchTable.Row> rows) {
        return of(rows.stream().map(row -> line(row.name(), row.runs())));
    }

    private static Line line(String name, List<RunResults> runs) {
        return new Line(
                name,
                runs.stream()
                        .map(RunResults::anytime)
                        .filter(history -> !history.points().isEmpty())
                        .toList());
    }

    private static AnytimeView of(Stream<Line> lines) {
        return new AnytimeView(lines.filter(line -> !line.histories().isEmpty()).toList());
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    /** What became of the samples of each stream by its last evaluation, the mean over seeds. */
    TextTable table() {
        var table = new TextTable(List.of("Run", "Came", "Taken", "Dropped", "Waiting", "Unreadable", "Evaluations"));
        for (Line line : lines) {
            table.row(List.of(
                    line.name(),
                    mean(line, ArrivalCounts::arrived),
                    mean(line, ArrivalCounts::taken),
                    mean(line, ArrivalCounts::dropped),
                    mean(line, ArrivalCounts::waiting),
                    mean(line, ArrivalCounts::unreadable),
                    Integer.toString(line.histories().getFirst().points().size())));
        }
        return table;
    }

    private static String mean(Line line, ToDoubleFunction<ArrivalCounts> count) {
        double mean = line.histories().stream()
                .mapToDouble(history ->
                        count.applyAsDouble(history.points().getLast().counts()))
                .average()
                .orElseThrow();
        return String.format(Locale.ROOT, "%,.0f", mean);
    }

    /** Writes the section: chart and table. */
    void write(Html html, String id, Palette palette) {
        html.element("h3", "At any time");
        html.element(
                "p",
                "The model as it was while the stream went on, each time on the test images of all classes seen so far, over the"
                        + " samples that had come.",
                "class",
                "note");
        var chart =
                new CoursesView(lines.stream().map(Line::name).toList(), List.of(ACCURACY, CLASSES, DROPPED, WAITING));
        boolean dropped = lines.stream()
                .flatMap(line -> line.histories().stream())
                .flatMap(history -> history.points().stream())
                .anyMatch(point -> point.counts().dropped() + point.counts().waiting() > 0);
        for (Line line : lines) {
            chart.line(line.name(), ACCURACY, "", values(line, AnytimePoint::accuracy));
            chart.line(line.name(), CLASSES, "", values(line, AnytimePoint::classes));
            if (dropped) {
                chart.line(
                        line.name(),
                        DROPPED,
                        "",
                        values(
                                line,
                                point -> 100.0
                                        * point.counts().dropped()
                                        / Math.max(1, point.counts().arrived())));
                chart.line(
                        line.name(),
                        WAITING,
                        "",
                        values(line, point -> point.counts().waiting()));
            }
        }
        chart.write(html, id, List.of(""), palette);
        html.open("details").element("summary", "What became of the samples that came");
        html.open("div", "class", "scroll");
        table().write(html);
        html.close().close();
    }

    private static List<CoursesView.Value> values(Line line, ToDoubleFunction<AnytimePoint> value) {
        return CoursesView.mean(line.histories().stream()
                .map(history -> history.points().stream()
                        .map(point -> new CoursesView.Value(point.counts().arrived(), value.applyAsDouble(point)))
                        .toList())
                .toList());
    }
}
