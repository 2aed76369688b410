package dev.perennial.report;

import dev.perennial.evaluate.RunResults;
import dev.perennial.evaluate.metric.ResultMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** The curves of a group: the data for the chart that the page's script draws, one panel a data set, one colour a run. */
final class CurvesSection {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private CurvesSection() {}

    static void write(Html html, RunGroup group, int number, Palette palette) {
        String id = "curves-" + number;
        html.element("h3", "Curves");
        html.element(
                "p",
                "Score in percent after each experience; 0 is zero-shot, the dashed line is where the data set is learned. Hollow"
                        + " points: not seen yet.",
                "class",
                "note");
        html.open("div", "class", "chart", "data-curves", id)
                .element("p", "The curves need JavaScript; the result matrices hold the same numbers.", "class", "note")
                .close();
        html.json(id, JSON.writeValueAsString(chart(group, palette)));
    }

    private static Chart chart(RunGroup group, Palette palette) {
        var points = new ArrayList<Point>();
        group.runs().forEach(run -> points.addAll(points(run)));
        List<String> runs =
                group.runs().stream().map(run -> run.summary().run()).toList();
        return new Chart(
                runs,
                runs.stream().map(palette::color).toList(),
                group.runs().getFirst().matrix().dataSets(),
                points);
    }

    private static List<Point> points(RunResults run) {
        ResultMatrix matrix = run.matrix();
        List<String> steps = Stream.concat(Stream.of("zero-shot"), matrix.experiences().stream())
                .toList();
        var points = new ArrayList<Point>();
        for (int i = 0; i < matrix.dataSets().size(); i++) {
            for (int step = 0; step < steps.size(); step++) {
                OptionalDouble score = step == 0 ? matrix.zeroShot(i) : matrix.score(step - 1, i);
                if (score.isPresent()) {
                    points.add(new Point(
                            run.summary().run(),
                            matrix.dataSets().get(i),
                            step,
                            steps.get(step),
                            score.getAsDouble(),
                            step > 0 && matrix.seen(step - 1, i),
                            matrix.learnedAt(i).orElse(-1) + 1));
                }
            }
        }
        return points;
    }

    /** What the script reads. */
    private record Chart(List<String> runs, List<String> colors, List<String> dataSets, List<Point> points) {}

    /** One score; {@code learned} is the step at which the data set is learned, 0 if it is held out. */
    private record Point(String run, String dataSet, int step, String after, double score, boolean seen, int learned) {}
}
