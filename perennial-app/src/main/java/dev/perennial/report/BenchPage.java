package dev.perennial.report;

import dev.perennial.bench.BenchResults;
import dev.perennial.bench.RunOutcome;
import dev.perennial.evaluate.RunResults;
import dev.perennial.evaluate.metric.MetricDefinition.Better;
import dev.perennial.evaluate.metric.ResultMatrix;
import dev.perennial.evaluate.metric.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/** The page of a benchmark: tables, the accuracy over time, and what is gained at what price. */
final class BenchPage {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private BenchPage() {}

    static String of(BenchResults results) {
        List<RunResults> runs =
                results.done().stream().map(RunOutcome.Done::results).toList();
        var palette = new Palette(
                results.suite().methods().stream().map(entry -> entry.name()).toList());
        String lead = results.suite()
                .description()
                .orElse("One stream, learned by " + results.suite().methods().size() + " methods.");
        Html html = HtmlPage.begin(results.suite().name(), lead);
        List<BenchTable> tables = BenchTable.of(results);
        for (int t = 0; t < tables.size(); t++) {
            section(html, tables.get(t), t, palette);
        }
        unfinished(html, results);
        GuideSection.write(html, runs);
        runs(html, runs);
        return HtmlPage.end(html, List.of("bench.js", "alignment.js", "courses.js"));
    }

    private static void section(Html html, BenchTable table, int number, Palette palette) {
        html.open("section")
                .element("h2", table.stream() + " (" + table.protocol().label() + ")");
        html.open("p", "class", "note").text("Protocol: ");
        html.element("strong", table.protocol().label());
        html.text(
                ". " + table.protocol().meaning()
                        + " Each cell is the mean over seeds ± the sample standard deviation. The best of each metric is marked ");
        html.element("span", "★", "class", "star").text(".").close();
        table(html, table, palette);
        String id = "bench-" + number;
        plot(
                html,
                id,
                "time",
                "Accuracy over time",
                "Mean over all taught data sets, learned or not, after each experience; 0 is zero-shot. The band is the deviation"
                        + " over seeds.");
        html.open("div", "class", "plots").open("div");
        plot(
                html,
                id,
                "keep",
                "What is kept against what is learned",
                "Transfer is accuracy before a data set is learned, Last is accuracy at the end. Up and to the right is better.");
        html.close().open("div");
        plot(
                html,
                id,
                "cost",
                "Cost against Average",
                "The price of a method in minutes of the whole run. Up and to the left is better.");
        html.close().close();
        html.json(id, JSON.writeValueAsString(plots(table, palette)));
        AlignmentView alignment = AlignmentView.ofRows(table.rows());
        if (!alignment.isEmpty()) {
            alignment.write(html, "alignment-" + number, palette);
        }
        AnytimeView anytime = AnytimeView.ofRows(table.rows());
        if (!anytime.isEmpty()) {
            anytime.write(html, "anytime-" + number, palette);
        }
        DiagnosisView diagnosis = DiagnosisView.ofRows(table.rows());
        if (!diagnosis.isEmpty()) {
            diagnosis.write(html, "diagnosis-" + number, palette);
        }
        html.close();
    }

    private static void plot(Html html, String data, String name, String title, String note) {
        html.element("h3", title).element("p", note, "class", "note");
        html.open("div", "class", "chart", "data-bench", data, "data-plot", name)
                .element("p", "The plot needs JavaScript; the table holds the same numbers.", "class", "note")
                .close();
    }

    private static void table(Html html, BenchTable table, Palette palette) {
        html.open("div", "class", "scroll")
                .open("table", "class", "comparison")
                .open("thead")
                .open("tr");
        html.element("th", "Method", "scope", "col").element("th", "Seeds", "scope", "col");
        for (BenchTable.Column column : table.columns()) {
            String arrow = column.better() == Better.HIGHER ? "↑" : "↓";
            html.open("th", "scope", "col").text(column.title());
            html.element("small", column.unit().isEmpty() ? arrow : column.unit() + " " + arrow)
                    .close();
        }
        html.close().close().open("tbody");
        for (int r = 0; r < table.rows().size(); r++) {
            BenchTable.Row row = table.rows().get(r);
            html.open("tr", "class", "run").open("th", "scope", "row");
            html.element("span", "", "class", "swatch", "style", "background:" + palette.color(row.name()));
            html.text(row.name());
            if (!row.name().equals(row.method())) {
                html.element("small", row.method());
            }
            html.close().element("td", row.seeds());
            for (int c = 0; c < table.columns().size(); c++) {
                boolean best = table.best(r, c);
                html.open("td", "class", best ? "best" : "")
                        .text(table.text(r, c).replaceFirst("^-", "−"));
                if (best) {
                    html.element("span", "★", "class", "star", "title", "best");
                }
                html.close();
            }
            html.close();
        }
        html.close().close().close();
    }

    private static void unfinished(Html html, BenchResults results) {
        List<String> lines = BenchReport.unfinished(results);
        if (!lines.isEmpty()) {
            html.open("section").element("h2", "Runs without results").open("ul", "class", "note");
            lines.forEach(line -> html.element("li", line));
            html.close().close();
        }
    }

    /** The matrices and the provenance of single runs, folded away. */
    private static void runs(Html html, List<RunResults> runs) {
        html.open("section").element("h2", "Single runs");
        for (RunGroup group : RunGroup.of(runs)) {
            html.open("details").element("summary", "Result matrices: " + group.title());
            MatrixSection.write(html, group);
            RecognitionSection.write(html, group);
            html.close();
        }
        html.open("details").element("summary", "With what each run was made");
        ProvenanceSection.write(html, runs);
        html.close().close();
    }

    private static Plots plots(BenchTable table, Palette palette) {
        List<Point> points = new ArrayList<>();
        List<Summary> summaries = new ArrayList<>();
        for (BenchTable.Row row : table.rows()) {
            points.addAll(points(row));
            summaries.add(new Summary(
                    row.name(),
                    mean(table, row, "transfer"),
                    mean(table, row, "last"),
                    mean(table, row, "average"),
                    mean(table, row, "minutes")));
        }
        List<String> names = table.rows().stream().map(BenchTable.Row::name).toList();
        return new Plots(names, names.stream().map(palette::color).toList(), points, summaries);
    }

    private static OptionalDouble mean(BenchTable table, BenchTable.Row row, String key) {
        return IntStream.range(0, table.columns().size())
                .filter(column -> table.columns().get(column).key().equals(key))
                .mapToObj(column -> row.cells().get(column))
                .flatMap(cell -> cell.stream())
                .mapToDouble(Spread::mean)
                .findFirst();
    }

    private static List<Point> points(BenchTable.Row row) {
        List<Point> points = new ArrayList<>();
        int experiences = row.runs().getFirst().matrix().experiences().size();
        for (int s = 0; s <= experiences; s++) {
            int step = s;
            List<Double> means = row.runs().stream()
                    .map(run -> rowMean(run.matrix(), step))
                    .flatMapToDouble(OptionalDouble::stream)
                    .boxed()
                    .toList();
            Spread.of(means).ifPresent(spread -> {
                double deviation = spread.deviation().orElse(0);
                String after = step == 0
                        ? "zero-shot"
                        : row.runs().getFirst().matrix().experiences().get(step - 1);
                points.add(new Point(
                        row.name(),
                        step,
                        after,
                        spread.mean(),
                        Math.max(0, spread.mean() - deviation),
                        Math.min(100, spread.mean() + deviation)));
            });
        }
        return points;
    }

    /** The mean over the data sets that the stream teaches. */
    private static OptionalDouble rowMean(ResultMatrix matrix, int step) {
        return IntStream.range(0, matrix.dataSets().size())
                .filter(set -> matrix.learnedAt(set).isPresent())
                .mapToObj(set -> step == 0 ? matrix.zeroShot(set) : matrix.score(step - 1, set))
                .flatMapToDouble(OptionalDouble::stream)
                .average();
    }

    /** What the script reads. */
    private record Plots(List<String> rows, List<String> colors, List<Point> points, List<Summary> summaries) {}

    /** The mean accuracy of a method after a step, with its band. */
    private record Point(String row, int step, String after, double mean, double low, double high) {}

    /** The means of a method. */
    private record Summary(
            String row, OptionalDouble transfer, OptionalDouble last, OptionalDouble average, OptionalDouble minutes) {}
}
