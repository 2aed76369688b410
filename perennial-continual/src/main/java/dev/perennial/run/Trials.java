package dev.perennial.run;

import dev.perennial.stream.EvaluationSet;
import dev.perennial.stream.ExperienceStream;
import dev.perennial.train.checkpoint.CheckpointStore;
import dev.perennial.train.checkpoint.StoredCheckpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Learns one step at a time, each from what the disk holds of the current model: nothing goes from step to step in memory, so a process
 * that was killed comes to what one that was not comes to.
 */
record Trials(
        Path folder,
        CheckpointStore checkpoints,
        RunConfig.Resolved resolved,
        Path cacheFolder,
        Path modelPath,
        Consumer<RunEvent> events,
        StopRequest stop) {
    /** Learns and judges the last experience of a stream; see {@link RunLoop#learnNewest}. */
    RunLoop.Trial learn(
            ExperienceStream stream,
            List<EvaluationSet> control,
            Optional<StoredCheckpoint> current,
            Optional<LedgerState> measured,
            Optional<StoredCheckpoint> own) {
        try (PretrainedModel model = PretrainedModel.load(modelPath)) {
            return new RunLoop(folder, checkpoints, resolved, cacheFolder, stream, model, events, stop, control, 1)
                    .learnNewest(current, measured, own);
        }
    }
}
