package dev.perennial.run;

import dev.perennial.evaluate.anytime.ArrivalCounts;
import dev.perennial.run.tensorboard.EventFile;
import dev.perennial.train.StepReport;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes what happens in a run for TensorBoard, over the number of samples learned from.
 *
 * <p>Each process writes a file of its own. One that resumes a run first takes back what was written after the checkpoint that it
 * goes on from.
 */
final class TensorBoardLog {
    static final String FOLDER = "tensorboard";

    private final Path folder;
    private final Vitals vitals = new Vitals();
    private long start;
    private @Nullable EventFile file;

    TensorBoardLog(Path runFolder) {
        this.folder = runFolder.resolve(FOLDER);
    }

    void append(RunEvent event) {
        SequencedMap<String, Double> values = new LinkedHashMap<>();
        vitals.accept(event).forEach((figure, value) -> values.put(tag(figure), value));
        switch (event) {
            // What was measured at the checkpoint itself is older than it and stays.
            case RunEvent.Resumed resumed -> start = resumed.samples() + 1;
            case RunEvent.Stepped stepped -> {
                StepReport report = stepped.report();
                values.put("gradient-norm", report.gradientNorm());
                values.put("learning-rate", report.learningRate());
            }
            case RunEvent.Evaluated evaluated -> values.put("score/" + evaluated.dataSet(), evaluated.score());
            case RunEvent.Diagnosed diagnosed ->
                diagnosed.row().values().forEach((measure, value) -> values.put("diagnosis/" + measure.key(), value));
            case RunEvent.Anytime anytime -> {
                ArrivalCounts counts = anytime.point().counts();
                values.put("stream/arrived", (double) counts.arrived());
                values.put("stream/dropped", (double) counts.dropped());
                values.put("stream/waiting", (double) counts.waiting());
            }
            default -> {}
        }
        values.values().removeIf(value -> !Double.isFinite(value));
        if (!values.isEmpty()) {
            open().scalars(vitals.samples(), values);
        }
    }

    private EventFile open() {
        EventFile open = file;
        if (open == null) {
            open = EventFile.create(folder);
            open.start(start);
            file = open;
        }
        return open;
    }

    private static String tag(Vitals.Figure figure) {
        return figure.name().toLowerCase(Locale.ROOT);
    }
}
