package dev.perennial.report;

import dev.perennial.evaluate.RunResults;
import dev.perennial.evaluate.metric.ResultMatrix;
import dev.perennial.evaluate.metric.RetrievalMetric;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Searched sets, such as languages: R@1 of each after each step as heat maps in both directions, and R@1, 5 and 10 at the end. */
final class RetrievalSection {
    private static final List<String> DIRECTIONS =
            List.of(RetrievalMetric.TEXT_TO_IMAGE, RetrievalMetric.IMAGE_TO_TEXT);
    private static final List<Integer> RANKS = List.of(1, 5, 10);

    private RetrievalSection() {}

    static void write(Html html, RunGroup group) {
        List<RunResults> searched =
                group.runs().stream().filter(RetrievalSection::isSearched).toList();
        if (searched.isEmpty()) {
            return;
        }
        html.element("h3", "Search in both directions")
                .element(
                        "p",
                        "R@1 in percent for each language or set (columns) after each experience (rows).",
                        "class",
                        "note");
        html.open("div", "class", "matrices");
        for (RunResults run : searched) {
            for (String direction : DIRECTIONS) {
                Optional.ofNullable(run.further().get(direction + 1))
                        .ifPresent(recall ->
                                MatrixSection.matrix(html, run.summary().run() + ": " + direction + 1, recall));
            }
        }
        html.close();
        for (RunResults run : searched) {
            html.element("h4", run.summary().run() + ": recall in percent at the end")
                    .open("div", "class", "scroll");
            atTheEnd(run).write(html);
            html.close();
        }
    }

    static boolean isSearched(RunResults run) {
        return DIRECTIONS.stream().allMatch(direction -> run.further().containsKey(direction + 1));
    }

    /** Returns R@1, 5 and 10 of every set after the last experience that was measured. */
    static TextTable atTheEnd(RunResults run) {
        var headings = new ArrayList<String>();
        headings.add("set");
        DIRECTIONS.forEach(direction -> RANKS.forEach(k -> headings.add(direction + k)));
        var table = new TextTable(headings);
        List<String> sets = run.matrix().dataSets();
        for (int set = 0; set < sets.size(); set++) {
            var row = new ArrayList<String>();
            row.add(sets.get(set));
            for (String direction : DIRECTIONS) {
                for (int k : RANKS) {
                    OptionalDouble value = last(run.further().get(direction + k), set);
                    row.add(value.isPresent() ? Format.score(value.getAsDouble()) : "");
                }
            }
            table.row(row);
        }
        return table;
    }

    private static OptionalDouble last(@Nullable ResultMatrix matrix, int set) {
        if (matrix == null) {
            return OptionalDouble.empty();
        }
        var measured = matrix.lastMeasured();
        return measured.isPresent() ? matrix.score(measured.getAsInt(), set) : matrix.zeroShot(set);
    }
}
