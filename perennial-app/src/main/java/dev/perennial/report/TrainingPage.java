package dev.perennial.report;

import dev.perennial.clip.checkpoint.DurableFile;
import dev.perennial.pretrain.TrainingHistory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The course of a pretraining as one self-contained web page: scores of every validation, loss, speed and settings. */
public final class TrainingPage {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private TrainingPage() {}

    /**
     * Writes the page, replacing the one before.
     *
     * @param settings the resolved configuration as YAML
     */
    public static void write(String name, String settings, TrainingHistory history, Path file) {
        Html html = HtmlPage.begin(
                "Pretraining of " + name, "Scores in percent at each validation, and the loss on the way.");
        html.open("section").element("h2", "Validation");
        chart(html, "scores", scores(history), "score", "set");
        table(html, history);
        html.close();
        html.open("section").element("h2", "Loss");
        chart(html, "losses", losses(history), "loss", "of");
        html.close();
        html.open("section").element("h2", "Settings").element("pre", settings).close();
        DurableFile.write(file, HtmlPage.end(html, List.of("training.js")).getBytes(StandardCharsets.UTF_8));
    }

    private static void chart(Html html, String id, List<Map<String, Object>> points, String value, String series) {
        html.open("div", "class", "chart", "data-training", id, "data-value", value, "data-series", series)
                .element("p", "The curves need JavaScript.", "class", "note")
                .close();
        html.json(id, JSON.writeValueAsString(points));
    }

    private static List<Map<String, Object>> scores(TrainingHistory history) {
        List<Map<String, Object>> points = new ArrayList<>();
        history.validations()
                .forEach(validation -> validation
                        .scores()
                        .forEach((set, score) ->
                                points.add(Map.of("step", validation.step(), "score", score, "set", set))));
        return points;
    }

    private static List<Map<String, Object>> losses(TrainingHistory history) {
        List<Map<String, Object>> points = new ArrayList<>();
        history.losses()
                .forEach(loss -> points.add(Map.of("step", loss.step(), "loss", loss.loss(), "of", "training loss")));
        return points;
    }

    private static void table(Html html, TrainingHistory history) {
        if (history.validations().isEmpty()) {
            return;
        }
        html.open("div", "class", "scroll")
                .open("table")
                .open("tr")
                .element("th", "step")
                .element("th", "minutes");
        history.validations().getFirst().scores().keySet().forEach(set -> html.element("th", set));
        html.close();
        for (TrainingHistory.Validation validation : history.validations()) {
            html.open("tr")
                    .element("td", String.format(Locale.ROOT, "%,d", validation.step()))
                    .element("td", String.format(Locale.ROOT, "%.1f", validation.seconds() / 60));
            validation
                    .scores()
                    .values()
                    .forEach(score -> html.element("td", String.format(Locale.ROOT, "%.1f", score)));
            html.close();
        }
        html.close().close();
    }
}
