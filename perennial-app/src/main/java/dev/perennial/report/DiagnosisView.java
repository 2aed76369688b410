package dev.perennial.report;

import dev.perennial.evaluate.RunResults;
import dev.perennial.evaluate.diagnosis.DiagnosisHistory;
import dev.perennial.evaluate.diagnosis.DiagnosisMeasure;
import dev.perennial.evaluate.diagnosis.DiagnosisMeasure.Kind;
import dev.perennial.evaluate.metric.Spread;
import dev.perennial.method.Tower;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What happened to the towers during training: curves, and a table of means.
 *
 * @param lines one for each run, or for each method with the mean over its seeds
 */
record DiagnosisView(List<Line> lines) {
    private static final String NOTHING = "–";
    private static final String RATIO = "Gradient of text to image";
    private static final String IMAGE = "image tower";
    private static final String TEXT = "text tower";

    /** Runs that are shown as one. */
    record Line(String name, List<DiagnosisHistory> histories) {}

    /** Views single runs; those that measured nothing are left out. */
    static DiagnosisView ofRuns(List<RunResults> runs) {
        return of(runs.stream().map(run -> line(run.summary().run(), List.of(run))));
    }

    /** Views the rows of a benchmark. */
    static DiagnosisView ofRows(List<BenchTable.Row> rows) {
        return of(rows.stream().map(row -> line(row.name(), row.runs())));
    }

    private static Line line(String name, List<RunResults> runs) {
        return new Line(
                name,
                runs.stream()
                        .map(RunResults::diagnosis)
                        .filter(history -> !history.rows().isEmpty())
                        .toList());
    }

    private static DiagnosisView of(Stream<Line> lines) {
        return new DiagnosisView(
                lines.filter(line -> !line.histories().isEmpty()).toList());
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    /** Mean gradients and angles, the last drift. */
    TextTable table() {
        List<String> heading = new ArrayList<>(List.of("Run", RATIO));
        Arrays.stream(DiagnosisMeasure.values()).map(DiagnosisView::heading).forEach(heading::add);
        var table = new TextTable(heading);
        for (Line line : lines) {
            List<String> cells = new ArrayList<>(List.of(line.name(), text(line, DiagnosisView::ratio)));
            for (DiagnosisMeasure measure : DiagnosisMeasure.values()) {
                cells.add(text(
                        line, history -> measure.kind() == Kind.DRIFT ? history.last(measure) : history.mean(measure)));
            }
            table.row(cells);
        }
        return table;
    }

    private static String part(DiagnosisMeasure measure) {
        return measure.tower() == Tower.IMAGE ? IMAGE : TEXT;
    }

    private static String heading(DiagnosisMeasure measure) {
        return measure.kind().title() + (measure.tower() == Tower.IMAGE ? ", image" : ", text");
    }

    private static OptionalDouble ratio(DiagnosisHistory history) {
        return history.rows().stream()
                .mapToDouble(row -> value(row.values().get(DiagnosisMeasure.TEXT_GRADIENT))
                        / value(row.values().get(DiagnosisMeasure.IMAGE_GRADIENT)))
                .filter(Double::isFinite)
                .average();
    }

    private static double value(@Nullable Double value) {
        return value == null ? Double.NaN : value;
    }

    private static String text(Line line, Function<DiagnosisHistory, OptionalDouble> value) {
        return Spread.of(line.histories().stream()
                        .map(value)
                        .flatMapToDouble(OptionalDouble::stream)
                        .boxed()
                        .toList())
                .map(spread -> String.format(Locale.ROOT, "%.3g", spread.mean()))
                .orElse(NOTHING);
    }

    /** Writes the section: chart, table, and what the measures mean. */
    void write(Html html, String id, Palette palette) {
        html.element("h3", "The towers during training");
        html.element(
                "p",
                "What each training step did to the image tower and to the text tower, over the samples learned from.",
                "class",
                "note");
        chart().write(html, id, List.of(IMAGE, TEXT), palette);
        html.open("details").element("summary", "Mean gradients and angles, drift at the end, and what they mean");
        html.open("div", "class", "scroll");
        table().write(html);
        html.close().open("dl");
        for (Kind kind : Kind.values()) {
            html.element("dt", kind.title()).element("dd", kind.reading());
        }
        html.element("dt", RATIO)
                .element(
                        "dd",
                        "Mean of the text tower's gradient norm over that of the image tower: above 1 the texts are pushed harder.");
        html.close().close();
    }

    private CoursesView chart() {
        var chart = new CoursesView(
                lines.stream().map(Line::name).toList(),
                Arrays.stream(Kind.values()).map(Kind::title).toList());
        for (Line line : lines) {
            for (DiagnosisMeasure measure : DiagnosisMeasure.values()) {
                chart.line(line.name(), measure.kind().title(), part(measure), values(line, measure));
            }
        }
        return chart;
    }

    /** Seeds are averaged as far as all of them went. */
    private static List<CoursesView.Value> values(Line line, DiagnosisMeasure measure) {
        List<List<CoursesView.Value>> ofRuns = line.histories().stream()
                .map(history -> history.rows().stream()
                        .filter(row -> row.values().containsKey(measure))
                        .map(row -> new CoursesView.Value(
                                row.samples(), value(row.values().get(measure))))
                        .toList())
                .toList();
        return CoursesView.mean(ofRuns);
    }
}
