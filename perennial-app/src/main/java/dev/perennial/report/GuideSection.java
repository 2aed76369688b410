package dev.perennial.report;

import dev.perennial.evaluate.RunResults;
import dev.perennial.evaluate.metric.MetricDefinition;
import java.util.List;

/** How to read each metric that the runs state. */
final class GuideSection {
    private GuideSection() {}

    static void write(Html html, List<RunResults> runs) {
        html.open("section", "id", "guide").element("h2", "How to read the numbers");
        html.element(
                "p",
                "A[j][i] is the score of data set i after experience j, Z[i] its zero-shot score, T the last experience measured."
                        + " Numbers of different protocols, streams or test data are never put in one table. One run is one seed:"
                        + " small differences can be chance.",
                "class",
                "note");
        html.open("dl");
        for (MetricDefinition definition : definitions(runs)) {
            html.open("dt").text(definition.title());
            html.element(
                            "small",
                            definition.unit()
                                    + switch (definition.better()) {
                                        case HIGHER -> ", higher is better";
                                        case LOWER -> ", lower is better";
                                    })
                    .close();
            html.open("dd")
                    .text(definition.reading())
                    .element("code", definition.formula())
                    .close();
        }
        html.close().close();
    }

    static List<MetricDefinition> definitions(List<RunResults> runs) {
        return runs.stream()
                .flatMap(run -> run.summary().definitions().stream())
                .distinct()
                .toList();
    }
}
