package dev.perennial.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/**
 * Values over the samples that were learned from, for the chart that the page's script draws: one panel a quantity, one colour a run.
 */
final class CoursesView {
    /** Points of a line; what is measured more often is shown as the means of so many parts. */
    private static final int POINTS = 200;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final List<String> runs;
    private final List<String> panels;
    private final List<Point> points = new ArrayList<>();

    /**
     * Creates a chart without lines.
     *
     * @param runs that have a colour
     * @param panels in the order in which they are shown; those without a line are left out
     */
    CoursesView(List<String> runs, List<String> panels) {
        this.runs = List.copyOf(runs);
        this.panels = List.copyOf(panels);
    }

    /** A value after so many samples. */
    record Value(double samples, double value) {}

    /**
     * Adds a line.
     *
     * @param part tells lines of one run in one panel apart, such as {@code image}; lines of the second part are dashed
     */
    void line(String run, String panel, String part, List<Value> values) {
        int together = Math.ceilDiv(values.size(), POINTS);
        for (int from = 0; from < values.size(); from += together) {
            List<Value> some = values.subList(from, Math.min(from + together, values.size()));
            points.add(new Point(
                    run,
                    panel,
                    part,
                    some.stream().mapToDouble(Value::samples).average().orElseThrow(),
                    some.stream().mapToDouble(Value::value).average().orElseThrow()));
        }
    }

    /** Returns the mean of several lines, point by point in order, as far as all of them go. */
    static List<Value> mean(List<List<Value>> lines) {
        int shortest = lines.stream().mapToInt(List::size).min().orElse(0);
        return IntStream.range(0, shortest)
                .mapToObj(i -> new Value(
                        lines.stream()
                                .mapToDouble(line -> line.get(i).samples())
                                .average()
                                .orElseThrow(),
                        lines.stream()
                                .mapToDouble(line -> line.get(i).value())
                                .average()
                                .orElseThrow()))
                .toList();
    }

    /** Writes the chart. */
    void write(Html html, String id, List<String> parts, Palette palette) {
        html.open("div", "class", "chart", "data-courses", id)
                .element("p", "The curves need JavaScript; the table holds the main values.", "class", "note")
                .close();
        List<String> shown = panels.stream()
                .filter(panel -> points.stream().anyMatch(point -> point.panel().equals(panel)))
                .toList();
        html.json(
                id,
                JSON.writeValueAsString(
                        new Chart(runs, runs.stream().map(palette::color).toList(), shown, parts, points)));
    }

    /** What the script reads. */
    private record Chart(
            List<String> runs, List<String> colors, List<String> panels, List<String> parts, List<Point> points) {}

    /** A point of a line. */
    private record Point(String run, String panel, String part, double samples, double value) {}
}
