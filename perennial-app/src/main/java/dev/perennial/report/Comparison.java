package dev.perennial.report;

import dev.perennial.evaluate.RunResults;
import dev.perennial.evaluate.metric.ContinualMetric;
import dev.perennial.evaluate.metric.MetricDefinition;
import dev.perennial.evaluate.metric.MetricDefinition.Better;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The runs of a group side by side: one row a run, one column a metric or a cost, the best of each column marked. */
record Comparison(List<Column> columns, List<Row> rows) {
    private static final String NOTHING = "–";
    private static final String UNTOUCHED = "Untouched model";
    private static final List<ContinualMetric> MAIN = List.of(
            ContinualMetric.TRANSFER,
            ContinualMetric.AVERAGE,
            ContinualMetric.LAST,
            ContinualMetric.FORGETTING,
            ContinualMetric.BACKWARD_TRANSFER,
            ContinualMetric.ZERO_SHOT_RETENTION);

    /** A column, and how a run fills it. */
    record Column(String title, String unit, Better better, Source source, DoubleFunction<String> format) {
        String heading() {
            return unit.isEmpty() ? title : title + " (" + unit + ")";
        }
    }

    /** A row; the reference row of the untouched model takes no part in the choice of the best. */
    record Row(String name, String method, List<Cell> cells, boolean reference) {}

    record Cell(String text, boolean best) {}

    /** Where a column's value comes from: a metric by its key, or a cost of the run. */
    sealed interface Source {
        record Metric(String key) implements Source {}

        record Cost(ToDoubleFunction<RunResults> value) implements Source {}
    }

    /** The headline metrics and costs. */
    static Comparison main(RunGroup group) {
        Stream<Column> metrics = MAIN.stream().map(ContinualMetric::definition).map(Comparison::column);
        Stream<Column> costs = Stream.of(
                cost("Trainable parameters", run -> run.summary().parameters().trainable(), Format::count),
                cost("Time", run -> run.summary().costs().totalSeconds(), Format::seconds),
                cost("Peak memory", run -> run.summary().costs().peakMemoryBytes(), Format::bytes));
        return of(group, Stream.concat(metrics, costs).toList());
    }

    /** All other metrics that the runs state a definition for; without columns if there are none. */
    static Comparison further(RunGroup group) {
        Set<String> shown =
                MAIN.stream().map(metric -> metric.definition().key()).collect(Collectors.toSet());
        return of(
                group,
                group.runs().stream()
                        .flatMap(run -> run.summary().definitions().stream()
                                .filter(definition -> run.summary().metrics().containsKey(definition.key())))
                        .filter(definition -> !shown.contains(definition.key()))
                        .distinct()
                        .map(Comparison::column)
                        .toList());
    }

    /** The table as text, the best values marked by an asterisk. */
    TextTable table() {
        var table = new TextTable(
                Stream.concat(Stream.of("Run", "Method"), columns.stream().map(Column::heading))
                        .toList());
        for (Row row : rows) {
            table.row(Stream.concat(
                            Stream.of(row.name(), row.method()),
                            row.cells().stream().map(cell -> cell.best() ? "* " + cell.text() : cell.text()))
                    .toList());
        }
        return table;
    }

    private static Comparison of(RunGroup group, List<Column> columns) {
        List<OptionalDouble[]> values = group.runs().stream()
                .map(run -> columns.stream()
                        .map(column -> value(column.source(), run))
                        .toArray(OptionalDouble[]::new))
                .toList();
        String[] best = IntStream.range(0, columns.size())
                .mapToObj(column -> best(columns.get(column), values, column))
                .toArray(String[]::new);
        var rows = new ArrayList<Row>();
        group.untouched().ifPresent(means -> rows.add(untouched(columns, means)));
        for (int r = 0; r < values.size(); r++) {
            String[] texts = texts(columns, values.get(r));
            rows.add(new Row(
                    group.runs().get(r).summary().run(),
                    group.runs().get(r).summary().method(),
                    IntStream.range(0, texts.length)
                            .mapToObj(column -> new Cell(texts[column], texts[column].equals(best[column])))
                            .toList(),
                    false));
        }
        return new Comparison(columns, rows);
    }

    private static Row untouched(List<Column> columns, Map<String, Double> means) {
        List<Cell> cells = columns.stream()
                .map(column -> column.source() instanceof Source.Metric(String key) && means.containsKey(key)
                        ? column.format().apply(means.get(key))
                        : NOTHING)
                .map(text -> new Cell(text, false))
                .toList();
        return new Row(UNTOUCHED, "zero-shot", cells, true);
    }

    /** The text of the best value, so that values which look equal are marked alike; none for a single run. */
    private static String best(Column column, List<OptionalDouble[]> values, int index) {
        double sign = column.better() == Better.HIGHER ? 1 : -1;
        double[] present = values.stream()
                .map(row -> row[index])
                .flatMapToDouble(OptionalDouble::stream)
                .map(value -> sign * value)
                .toArray();
        return present.length < 2
                ? "none"
                : column.format().apply(sign * Arrays.stream(present).max().orElseThrow());
    }

    private static String[] texts(List<Column> columns, OptionalDouble[] values) {
        return IntStream.range(0, values.length)
                .mapToObj(i -> values[i].isPresent() ? columns.get(i).format().apply(values[i].getAsDouble()) : NOTHING)
                .toArray(String[]::new);
    }

    private static OptionalDouble value(Source source, RunResults run) {
        return switch (source) {
            case Source.Metric(String key) -> {
                Double value = run.summary().metrics().get(key);
                yield value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
            }
            case Source.Cost(ToDoubleFunction<RunResults> cost) -> OptionalDouble.of(cost.applyAsDouble(run));
        };
    }

    private static Column column(MetricDefinition definition) {
        return new Column(
                definition.title(),
                definition.unit(),
                definition.better(),
                new Source.Metric(definition.key()),
                definition.unit().equals("points") && definition.better() == Better.HIGHER
                        ? Format::points
                        : Format::score);
    }

    private static Column cost(String title, ToDoubleFunction<RunResults> value, DoubleFunction<String> format) {
        return new Column(title, "", Better.LOWER, new Source.Cost(value), format);
    }
}
