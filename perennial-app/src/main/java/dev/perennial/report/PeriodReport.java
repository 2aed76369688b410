package dev.perennial.report;

import dev.perennial.clip.checkpoint.DurableFile;
import dev.perennial.evaluate.statistic.GapTest;
import dev.perennial.evaluate.statistic.Interval;
import dev.perennial.evaluate.statistic.Outcomes;
import dev.perennial.evaluate.statistic.PairedTest;
import dev.perennial.judge.Judge.Verdict;
import dev.perennial.judge.PeriodBenchmarks;
import dev.perennial.judge.YearGap;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** What models score period by period, and whether one is better on new samples alone. */
public final class PeriodReport {
    private static final String READING =
            "Each period is judged by itself: images and captions of one period are searched among those of the same period, so scores of"
                    + " periods of different sizes compare models, not periods.";
    private static final String GAP =
            "The gap is a model's advantage over the first one on new samples less that on old ones, in points, with the 95 % interval"
                    + " and p of the paired bootstrap. A model that merely knows more has none; one that knows newer things has.";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final PeriodBenchmarks periods;
    private final List<Verdict> verdicts;
    private final List<YearGap> gaps;

    private PeriodReport(PeriodBenchmarks periods, List<Verdict> verdicts) {
        this.periods = periods;
        this.verdicts = verdicts;
        this.gaps = YearGap.of(periods, verdicts);
    }

    /** Creates the report of verdicts on the benchmarks of periods. */
    public static PeriodReport of(PeriodBenchmarks periods, List<Verdict> verdicts) {
        return new PeriodReport(periods, verdicts);
    }

    /** Returns the tables as plain text for a terminal. */
    public String plain() {
        var out = new StringBuilder();
        for (YearGap gap : gaps) {
            out.append(heading(gap)).append("\n\n").append(table(gap).plain()).append('\n');
            sentences(gap).forEach(line -> out.append(Format.line(line)).append('\n'));
            out.append('\n');
        }
        return out.toString();
    }

    /** Writes {@code table.csv}, {@code table.md} and {@code report.html} into a folder that exists. */
    public void write(Path folder) {
        put(folder.resolve("table.csv"), JudgeReport.csv(verdicts));
        put(folder.resolve("table.md"), markdown());
        put(folder.resolve("report.html"), page());
    }

    private String markdown() {
        var out = new StringBuilder("# " + title() + "\n\n" + READING + " " + JudgeReport.DIFFERENCES + "\n\n");
        for (YearGap gap : gaps) {
            out.append("## ")
                    .append(heading(gap))
                    .append("\n\n")
                    .append(table(gap).markdown())
                    .append('\n');
            sentences(gap)
                    .forEach(line ->
                            out.append("- ").append(Markdown.escape(line)).append('\n'));
            out.append('\n');
        }
        return out.toString();
    }

    private String page() {
        var palette = new Palette(names());
        Html html = HtmlPage.begin(title(), String.join(", ", names()) + " on old and new samples.");
        html.element("p", READING + " " + JudgeReport.DIFFERENCES, "class", "note");
        for (int i = 0; i < gaps.size(); i++) {
            YearGap gap = gaps.get(i);
            html.open("section").element("h2", heading(gap));
            html.open("div", "class", "chart", "data-periods", "periods-" + i)
                    .element("p", "The plot needs JavaScript; the table holds the same numbers.", "class", "note")
                    .close();
            html.json("periods-" + i, JSON.writeValueAsString(chart(gap, palette)));
            html.open("div", "class", "scroll");
            table(gap).write(html);
            html.close();
            sentences(gap).forEach(line -> html.element("p", line));
            html.element("p", GAP, "class", "note").close();
        }
        html.open("section").element("h2", "Models").open("ul", "class", "note");
        verdicts.forEach(verdict -> html.element("li", verdict.model() + ": SHA-256 " + verdict.fingerprint()));
        html.close().close();
        return HtmlPage.end(html, List.of("periods.js"));
    }

    private String title() {
        return periods.name() + " by " + periods.field();
    }

    private String heading(YearGap gap) {
        return title() + ": " + gap.measure();
    }

    private List<String> names() {
        return verdicts.stream().map(Verdict::model).toList();
    }

    private TextTable table(YearGap gap) {
        List<String> names = names();
        var table = new TextTable(Stream.of(
                        Stream.of(periods.field(), "samples"),
                        names.stream(),
                        names.stream().skip(1).map(name -> name + " − " + names.getFirst()))
                .flatMap(part -> part)
                .toList());
        for (YearGap.Row row : gap.rows()) {
            List<String> cells = new ArrayList<>(List.of(
                    row.name(), Integer.toString(row.outcomes().getFirst().size())));
            row.outcomes().forEach(outcomes -> cells.add(score(outcomes)));
            row.tests().forEach(test -> cells.add(difference(test)));
            table.row(cells);
        }
        return table;
    }

    private List<String> sentences(YearGap gap) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < gap.gaps().size(); i++) {
            GapTest test = gap.gaps().get(i);
            lines.add("gap of %s over %s, new less old: %s [%s, %s] %s"
                    .formatted(
                            names().get(i + 1),
                            names().getFirst(),
                            Format.points(test.gap()),
                            Format.score(test.interval().low()),
                            Format.score(test.interval().high()),
                            p(test.pValue())));
        }
        return lines;
    }

    private static String score(Outcomes outcomes) {
        Interval interval = Interval.of(outcomes);
        return Format.score(outcomes.percent()) + " [" + Format.score(interval.low()) + ", "
                + Format.score(interval.high()) + "]";
    }

    private static String difference(PairedTest test) {
        return Format.points(test.difference()) + " ["
                + Format.score(test.interval().low()) + ", "
                + Format.score(test.interval().high()) + "] " + p(test.pValue());
    }

    private static String p(double value) {
        return value < 0.001 ? "p < 0.001" : String.format(Locale.ROOT, "p %.3f", value);
    }

    private Chart chart(YearGap gap, Palette palette) {
        List<Point> points = new ArrayList<>();
        for (YearGap.Row row : gap.rows().subList(0, periods.periods().size())) {
            for (int model = 0; model < verdicts.size(); model++) {
                Outcomes outcomes = row.outcomes().get(model);
                Interval interval = Interval.of(outcomes);
                points.add(new Point(
                        names().get(model),
                        row.name(),
                        outcomes.percent(),
                        interval.low(),
                        interval.high(),
                        outcomes.size()));
            }
        }
        return new Chart(
                names(),
                names().stream().map(palette::color).toList(),
                periods.periods(),
                periods.periods().get(periods.firstNew()),
                points);
    }

    /** What the script reads; {@code since} is the first new period. */
    private record Chart(
            List<String> models, List<String> colors, List<String> periods, String since, List<Point> points) {}

    private record Point(String model, String period, double score, double low, double high, int samples) {}

    private static void put(Path file, String text) {
        DurableFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
