package dev.perennial.report;

import dev.perennial.bench.BenchResults;
import dev.perennial.bench.RunOutcome;
import dev.perennial.bench.Suite;
import dev.perennial.evaluate.Protocol;
import dev.perennial.evaluate.RunResults;
import dev.perennial.evaluate.RunSummary;
import dev.perennial.evaluate.metric.ComputeMetric;
import dev.perennial.evaluate.metric.ContinualMetric;
import dev.perennial.evaluate.metric.IncrementalMetric;
import dev.perennial.evaluate.metric.MetricDefinition;
import dev.perennial.evaluate.metric.MetricDefinition.Better;
import dev.perennial.evaluate.metric.OnlineMetric;
import dev.perennial.evaluate.metric.RetrievalMetric;
import dev.perennial.evaluate.metric.Spread;
import dev.perennial.evaluate.metric.TimeMetric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The table of a benchmark: one row a method, one column a metric or cost, each cell the mean over seeds with its deviation.
 *
 * @param protocol which class names samples were classified among
 * @param stream the stream
 * @param columns the columns
 * @param rows the rows, in the order of the suite
 */
record BenchTable(Protocol protocol, String stream, List<Column> columns, List<Row> rows) {
    private static final String NOTHING = "–";

    /** A column; {@code key} names it in files. */
    record Column(
            String key,
            String title,
            String unit,
            Better better,
            Function<RunResults, OptionalDouble> value,
            DoubleFunction<String> format) {
        String heading() {
            return unit.isEmpty() ? title : title + " (" + unit + ")";
        }
    }

    /** A row: its complete runs, and how many there will be. */
    record Row(String name, String method, List<RunResults> runs, int planned, List<Optional<Spread>> cells) {
        String seeds() {
            return runs.size() == planned ? Integer.toString(planned) : runs.size() + " of " + planned;
        }
    }

    /** Returns one table for each protocol and stream that the runs have, so that no table mixes them. */
    static List<BenchTable> of(BenchResults results) {
        Map<List<Object>, Map<String, List<RunResults>>> groups = new LinkedHashMap<>();
        for (Suite.Entry entry : results.suite().methods()) {
            for (RunResults run : results.done(entry.name())) {
                groups.computeIfAbsent(key(run), _ -> new LinkedHashMap<>())
                        .computeIfAbsent(entry.name(), _ -> new ArrayList<>())
                        .add(run);
            }
        }
        return groups.values().stream().map(rows -> of(results, rows)).toList();
    }

    /** A seed may change the order of classes and so the groups they are judged in, but neither how many there are nor their sum. */
    private static List<Object> key(RunResults run) {
        return List.of(
                run.summary().protocol(),
                run.summary().stream(),
                run.summary().experiences().size(),
                run.summary().dataSets().stream()
                        .mapToLong(set -> set.samples())
                        .sum());
    }

    private static BenchTable of(BenchResults results, Map<String, List<RunResults>> runsByRow) {
        RunResults first = runsByRow.values().iterator().next().getFirst();
        List<Column> columns =
                columns(runsByRow.values().stream().flatMap(List::stream).toList());
        List<Row> rows = runsByRow.entrySet().stream()
                .map(row -> new Row(
                        row.getKey(),
                        row.getValue().getFirst().summary().method(),
                        List.copyOf(row.getValue()),
                        planned(results, row.getKey()),
                        columns.stream()
                                .map(column -> spread(column, row.getValue()))
                                .toList()))
                .toList();
        return new BenchTable(first.summary().protocol(), first.summary().stream(), columns, rows);
    }

    private static int planned(BenchResults results, String row) {
        return (int) results.outcomes().stream()
                .map(RunOutcome::run)
                .filter(run -> run.row().equals(row))
                .count();
    }

    private static Optional<Spread> spread(Column column, List<RunResults> runs) {
        return Spread.of(runs.stream()
                .map(column.value())
                .flatMapToDouble(OptionalDouble::stream)
                .boxed()
                .toList());
    }

    private static List<Column> columns(List<RunResults> runs) {
        // Metrics that only some kinds of stream have.
        Stream<MetricDefinition> further = Stream.of(
                        Stream.of(RetrievalMetric.values()).map(RetrievalMetric::definition),
                        Stream.of(TimeMetric.values()).map(TimeMetric::definition),
                        Stream.of(OnlineMetric.values()).map(OnlineMetric::definition),
                        Stream.of(ComputeMetric.values()).map(ComputeMetric::definition),
                        Stream.of(IncrementalMetric.values()).map(IncrementalMetric::definition))
                .flatMap(definitions -> definitions)
                .filter(definition ->
                        runs.stream().anyMatch(run -> run.summary().metrics().containsKey(definition.key())));
        Stream<MetricDefinition> continual = Stream.of(
                        ContinualMetric.TRANSFER,
                        ContinualMetric.AVERAGE,
                        ContinualMetric.LAST,
                        ContinualMetric.FORGETTING)
                .map(ContinualMetric::definition);
        Stream<Column> costs = Stream.of(
                cost(
                        "trainable",
                        "Trainable parameters",
                        "",
                        run -> run.parameters().trainable(),
                        Format::count),
                cost("minutes", "Time", "min", run -> run.costs().totalSeconds() / 60, Format::score),
                cost(
                        "peakMemoryMib",
                        "Peak memory",
                        "MiB",
                        run -> run.costs().peakMemoryBytes() / (double) (1 << 20),
                        value -> String.format(Locale.ROOT, "%.0f", value)));
        return Stream.of(Stream.concat(continual, further).map(BenchTable::metric), ofOracle(runs), costs)
                .flatMap(column -> column)
                .toList();
    }

    /** Compute as a share of what the oracle takes, where there is one. */
    private static Stream<Column> ofOracle(List<RunResults> runs) {
        OptionalDouble oracle = runs.stream()
                .filter(run -> run.summary().method().equals("oracle"))
                .flatMapToDouble(run -> compute(run).stream())
                .average();
        return oracle.stream()
                .filter(all -> all > 0)
                .mapToObj(all -> new Column(
                        "computeOfOracle",
                        "Compute / oracle",
                        "",
                        Better.LOWER,
                        run -> compute(run).stream().map(own -> own / all).findFirst(),
                        value -> String.format(Locale.ROOT, "%.2f", value)));
    }

    private static OptionalDouble compute(RunResults run) {
        Double compute =
                run.summary().metrics().get(ComputeMetric.COMPUTE.definition().key());
        return compute == null ? OptionalDouble.empty() : OptionalDouble.of(compute);
    }

    private static Column metric(MetricDefinition definition) {
        return new Column(
                definition.key(),
                definition.title(),
                definition.unit(),
                definition.better(),
                run -> {
                    Double value = run.summary().metrics().get(definition.key());
                    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
                },
                Format::score);
    }

    private static Column cost(
            String key, String title, String unit, Function<RunSummary, Number> value, DoubleFunction<String> format) {
        return new Column(
                key,
                title,
                unit,
                Better.LOWER,
                run -> OptionalDouble.of(value.apply(run.summary()).doubleValue()),
                format);
    }

    /** The text of a cell, such as {@code 68.1 ± 0.4}; no deviation where there is one seed. */
    String text(int row, int column) {
        DoubleFunction<String> format = columns.get(column).format();
        return rows.get(row)
                .cells()
                .get(column)
                .map(spread -> format.apply(spread.mean())
                        + (spread.deviation().isPresent() && spread.deviation().getAsDouble() > 0
                                ? " ± " + format.apply(spread.deviation().getAsDouble())
                                : ""))
                .orElse(NOTHING);
    }

    /** Whether a row has the best mean of a metric, by what is shown; costs and single rows have no best. */
    boolean best(int row, int column) {
        Column of = columns.get(column);
        double sign = of.better() == Better.HIGHER ? 1 : -1;
        OptionalDouble best = rows.stream()
                .flatMap(other -> other.cells().get(column).stream())
                .mapToDouble(spread -> sign * spread.mean())
                .max();
        return rows.size() > 1
                && of.unit().matches("%|points")
                && rows.get(row)
                        .cells()
                        .get(column)
                        .map(spread -> of.format()
                                .apply(spread.mean())
                                .equals(of.format().apply(sign * best.orElseThrow())))
                        .orElse(false);
    }

    /** The table as text, the best values marked by an asterisk. */
    TextTable text() {
        var table = new TextTable(
                Stream.concat(Stream.of("Method", "Seeds"), columns.stream().map(Column::heading))
                        .toList());
        for (int r = 0; r < rows.size(); r++) {
            int row = r;
            table.row(Stream.concat(
                            Stream.of(rows.get(r).name(), rows.get(r).seeds()),
                            IntStream.range(0, columns.size())
                                    .mapToObj(column -> (best(row, column) ? "* " : "") + text(row, column)))
                    .toList());
        }
        return table;
    }
}
