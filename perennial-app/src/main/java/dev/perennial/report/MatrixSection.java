package dev.perennial.report;

import dev.perennial.evaluate.RunResults;
import dev.perennial.evaluate.metric.ResultMatrix;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.IntFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** The result matrix of each run as a heat map that is also a readable table. */
final class MatrixSection {
    private MatrixSection() {}

    static void write(Html html, RunGroup group) {
        html.element("h3", group.runs().size() > 1 ? "Result matrices" : "Result matrix");
        html.open("p", "class", "note")
                .text("Score in percent on each data set (columns) after each experience (rows). ");
        html.element("span", "learned here", "class", "key learned").text(" ");
        html.element("span", "seen", "class", "key seen").text(" ");
        html.element("span", "not seen", "class", "key unseen")
                .text(" The stronger the colour, the higher.")
                .close();
        html.open("div", "class", "matrices");
        group.runs().forEach(run -> matrix(html, run));
        html.close();
    }

    private static void matrix(Html html, RunResults run) {
        matrix(html, run.summary().run(), run.matrix());
    }

    /** Writes one matrix with its heading. */
    static void matrix(Html html, String caption, ResultMatrix matrix) {
        html.open("figure").element("figcaption", caption);
        html.open("div", "class", "scroll")
                .open("table", "class", "matrix")
                .open("thead")
                .open("tr");
        html.element("th", "after", "scope", "col");
        matrix.dataSets()
                .forEach(name -> html.open("th", "scope", "col")
                        .element("span", name, "title", name)
                        .close());
        html.element("th", "mean", "scope", "col", "class", "mean")
                .close()
                .close()
                .open("tbody");
        if (matrix.hasZeroShot()) {
            row(html, matrix, "zero-shot", -1, matrix::zeroShot);
        }
        for (int e = 0; e < matrix.experiences().size(); e++) {
            int experience = e;
            if (matrix.measured(e)) {
                row(html, matrix, (e + 1) + "  " + matrix.experiences().get(e), e, i -> matrix.score(experience, i));
            }
        }
        html.close().close().close().close();
    }

    private static void row(
            Html html, ResultMatrix matrix, String name, int experience, IntFunction<OptionalDouble> cells) {
        int sets = matrix.dataSets().size();
        html.open("tr", "class", experience < 0 ? "zero-shot" : "").element("th", name, "scope", "row");
        for (int i = 0; i < sets; i++) {
            OptionalDouble cell = cells.apply(i);
            String state = state(matrix, experience, i);
            if (cell.isPresent()) {
                html.element(
                        "td",
                        Format.score(cell.getAsDouble()),
                        "class",
                        state.replace(' ', '-'),
                        "style",
                        String.format(Locale.ROOT, "--v:%.1f", cell.getAsDouble()),
                        "title",
                        matrix.dataSets().get(i) + " after " + name + ": " + Format.score(cell.getAsDouble()) + " % ("
                                + state + ")");
            } else {
                html.element("td", "", "class", "unmeasured", "title", "not measured");
            }
        }
        String mean = IntStream.range(0, sets)
                .mapToObj(cells)
                .flatMapToDouble(cell -> cell.isPresent() ? DoubleStream.of(cell.getAsDouble()) : DoubleStream.empty())
                .average()
                .stream()
                .mapToObj(Format::score)
                .findFirst()
                .orElse("");
        html.element("td", mean, "class", "mean").close();
    }

    private static String state(ResultMatrix matrix, int experience, int dataSet) {
        if (experience < 0 || !matrix.seen(experience, dataSet)) {
            return "unseen";
        }
        return matrix.learnedAt(dataSet).orElse(-1) == experience ? "learned" : "seen";
    }
}
