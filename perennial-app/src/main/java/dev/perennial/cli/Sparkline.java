package dev.perennial.cli;

import java.nio.charset.Charset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.DoubleSummaryStatistics;
import java.util.stream.Collectors;

/** The recent course of a figure as a row of bars, the lowest and the highest value of which are the shortest and the longest. */
final class Sparkline {
    private static final int LENGTH = 40;
    private static final String BLOCKS = "▁▂▃▄▅▆▇█";
    private static final String ASCII = "_.-:=+*#";

    private final String bars;
    private final Deque<Double> values = new ArrayDeque<>();

    /** Creates a row without values, of what the character set of a terminal has. */
    Sparkline(Charset charset) {
        this.bars = charset.newEncoder().canEncode(BLOCKS) ? BLOCKS : ASCII;
    }

    void add(double value) {
        values.addLast(value);
        if (values.size() > LENGTH) {
            values.removeFirst();
        }
    }

    @Override
    public String toString() {
        DoubleSummaryStatistics range =
                values.stream().mapToDouble(Double::doubleValue).summaryStatistics();
        double span = range.getMax() - range.getMin();
        return values.stream()
                .map(value -> span > 0 ? (int) Math.round((value - range.getMin()) / span * (bars.length() - 1)) : 0)
                .map(bar -> bars.substring(bar, bar + 1))
                .collect(Collectors.joining());
    }
}
