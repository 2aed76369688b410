package dev.perennial.report;

import dev.perennial.evaluate.RunResults;
import dev.perennial.evaluate.alignment.AlignmentMeasure;
import dev.perennial.evaluate.alignment.AlignmentRow;
import dev.perennial.evaluate.metric.ContinualMetric;
import dev.perennial.evaluate.metric.ContinualMetrics;
import dev.perennial.evaluate.metric.ResultMatrix;
import dev.perennial.evaluate.metric.Spread;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * How far embeddings have moved along a stream beside what was forgotten: a table of the last experience, and the data for the chart
 * that the page's script draws, one panel a measure.
 *
 * @param lines one for each run, or for each method with the mean over its seeds
 */
record AlignmentView(List<Line> lines) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String FORGETTING =
            ContinualMetric.FORGETTING.definition().title();
    private static final String NOTHING = "–";

    /** Runs that are shown as one. */
    record Line(String name, List<RunResults> runs) {}

    /** Views single runs; those that did not measure alignment are left out. */
    static AlignmentView ofRuns(List<RunResults> runs) {
        return of(runs.stream().map(run -> new Line(run.summary().run(), List.of(run))));
    }

    /** Views the rows of a benchmark. */
    static AlignmentView ofRows(List<BenchTable.Row> rows) {
        return of(rows.stream().map(row -> new Line(row.name(), row.runs())));
    }

    private static AlignmentView of(Stream<Line> lines) {
        return new AlignmentView(lines.map(line -> new Line(
                        line.name(),
                        line.runs().stream()
                                .filter(run -> !run.alignment().rows().isEmpty())
                                .toList()))
                .filter(line -> !line.runs().isEmpty())
                .toList());
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    /** The last measured row of every line. */
    TextTable table() {
        var table = new TextTable(Stream.concat(
                        Stream.of("Run", FORGETTING + " (points)"), measures().map(this::heading))
                .toList());
        for (Line line : lines) {
            List<String> cells = new ArrayList<>(List.of(line.name()));
            cells.add(text(line.runs().stream()
                    .map(run -> ContinualMetrics.forgetting(run.matrix()).mean())
                    .toList()));
            measures()
                    .map(measure -> text(line.runs().stream()
                            .map(run -> value(run.alignment().rows().getLast(), measure))
                            .toList()))
                    .forEach(cells::add);
            table.row(cells);
        }
        return table;
    }

    /** Writes the chart and what its panels mean; the table too. */
    void write(Html html, String id, Palette palette) {
        html.element("h3", "Alignment");
        html.element(
                "p",
                "How embeddings of a fixed held-out sample moved from those of the pretrained model, beside forgetting; 0 is"
                        + " zero-shot.",
                "class",
                "note");
        html.open("div", "class", "chart", "data-alignment", id)
                .element("p", "The curves need JavaScript; the table holds the values at the end.", "class", "note")
                .close();
        html.json(id, JSON.writeValueAsString(chart(palette)));
        html.open("details").element("summary", "Alignment at the end, and what the measures mean");
        html.open("div", "class", "scroll");
        table().write(html);
        html.close().open("dl");
        measures().forEach(measure -> html.element("dt", heading(measure)).element("dd", measure.reading()));
        html.close().close();
    }

    private static Stream<AlignmentMeasure> measures() {
        return Arrays.stream(AlignmentMeasure.values());
    }

    private String heading(AlignmentMeasure measure) {
        return measure.unit().isEmpty() ? measure.title() : measure.title() + " (" + measure.unit() + ")";
    }

    private static OptionalDouble value(AlignmentRow row, AlignmentMeasure measure) {
        Double value = row.values().get(measure);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private static Optional<Spread> spread(List<OptionalDouble> values) {
        return Spread.of(
                values.stream().flatMapToDouble(OptionalDouble::stream).boxed().toList());
    }

    private static String text(List<OptionalDouble> values) {
        return spread(values)
                .map(spread -> String.format(Locale.ROOT, "%.2f", spread.mean()).replace("-0.00", "0.00"))
                .orElse(NOTHING);
    }

    private Chart chart(Palette palette) {
        List<String> names = lines.stream().map(Line::name).toList();
        List<String> panels = Stream.concat(
                        Stream.of(FORGETTING + " (points)"), measures().map(this::heading))
                .toList();
        List<Point> points = new ArrayList<>();
        for (Line line : lines) {
            List<AlignmentRow> rows = line.runs().getFirst().alignment().rows();
            for (AlignmentRow row : rows) {
                String after = row.after();
                int step = step(line.runs().getFirst().matrix(), after);
                List<Optional<Spread>> values = new ArrayList<>();
                values.add(spread(line.runs().stream()
                        .map(run -> forgetting(run.matrix(), after))
                        .toList()));
                measures()
                        .map(measure -> spread(line.runs().stream()
                                .flatMap(run -> run.alignment().after(after).stream())
                                .map(of -> value(of, measure))
                                .toList()))
                        .forEach(values::add);
                for (int i = 0; i < panels.size(); i++) {
                    String panel = panels.get(i);
                    values.get(i)
                            .ifPresent(spread -> points.add(new Point(line.name(), panel, step, after, spread.mean())));
                }
            }
        }
        return new Chart(names, names.stream().map(palette::color).toList(), panels, points);
    }

    private static int step(ResultMatrix matrix, String after) {
        return matrix.experiences().indexOf(after) + 1;
    }

    /** Before anything is learned, nothing is forgotten. */
    private static OptionalDouble forgetting(ResultMatrix matrix, String after) {
        int step = step(matrix, after);
        return step == 0
                ? OptionalDouble.of(0)
                : ContinualMetrics.forgettingAfter(matrix, step - 1).mean();
    }

    /** What the script reads. */
    private record Chart(List<String> runs, List<String> colors, List<String> panels, List<Point> points) {}

    /** One value of a line in a panel. */
    private record Point(String run, String panel, int step, String after, double value) {}
}
