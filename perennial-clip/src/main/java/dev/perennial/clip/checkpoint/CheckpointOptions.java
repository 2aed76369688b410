package dev.perennial.clip.checkpoint;

import dev.perennial.clip.config.Activation;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the reader of a checkpoint must be told where the files do not say it.
 *
 * @param activation of the MLPs; needed for weights without a configuration, and checked against one that is there
 * @param visionHeads attention heads of the image tower; absent means what the configuration says, or one to 64 channels
 * @param textHeads attention heads of the text tower, likewise
 */
public record CheckpointOptions(Optional<Activation> activation, OptionalInt visionHeads, OptionalInt textHeads) {
    /** Nothing stated. */
    public static final CheckpointOptions NONE =
            new CheckpointOptions(Optional.empty(), OptionalInt.empty(), OptionalInt.empty());

    /** Returns the options with this activation. */
    public CheckpointOptions withActivation(Activation stated) {
        return new CheckpointOptions(Optional.of(stated), visionHeads, textHeads);
    }

    /** Returns the options with these numbers of attention heads. */
    public CheckpointOptions withHeads(int vision, int text) {
        return new CheckpointOptions(activation, OptionalInt.of(vision), OptionalInt.of(text));
    }
}
