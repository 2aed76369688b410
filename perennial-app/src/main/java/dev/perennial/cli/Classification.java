package dev.perennial.cli;

import dev.perennial.clip.Prediction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a model says about an image.
 *
 * @param image path of its file
 * @param predictions the most probable first
 */
record Classification(String image, List<Prediction> predictions) {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** Returns the text of all. */
    static String print(List<Classification> all, OutputFormat format) {
        return switch (format) {
            case TABLE -> all.isEmpty() ? "" : table(all);
            case JSON -> JSON.writeValueAsString(all) + "\n";
            case CSV -> csv(all);
        };
    }

    private static String table(List<Classification> all) {
        var table = new Columns("image", "probability", "label");
        for (Classification one : all) {
            for (int i = 0; i < one.predictions.size(); i++) {
                Prediction prediction = one.predictions.get(i);
                table.row(
                        i == 0 ? one.image : "",
                        String.format(Locale.ROOT, "%9.2f %%", 100 * prediction.probability()),
                        prediction.label());
            }
        }
        return table.toString();
    }

    private static String csv(List<Classification> all) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of("image", "rank", "label", "probability"));
        for (Classification one : all) {
            for (int rank = 1; rank <= one.predictions.size(); rank++) {
                Prediction prediction = one.predictions.get(rank - 1);
                lines.add(List.of(one.image, Integer.toString(rank), prediction.label(), Float.toString((float)
                        prediction.probability())));
            }
        }
        return Csv.of(lines);
    }
}
