package dev.perennial.report;

import java.util.List;

/** A colour for each run, told apart also by people who see no red or no green (Okabe and Ito), on light and on dark. */
record Palette(List<String> runs) {
    private static final List<String> COLORS = List.of(
            "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#8c6bb1", "#a6761d", "#7a8f00",
            "#b2182b", "#35978f", "#737373");

    /** The colour of a run; beyond twelve runs colours come again. */
    String color(String run) {
        return COLORS.get(Math.max(0, runs.indexOf(run)) % COLORS.size());
    }
}
