package dev.perennial.train.checkpoint;

import java.util.function.LongSupplier;

/** Says when the next checkpoint within an experience is due. */
public final class Cadence {
    private static final double NANOS_PER_MINUTE = 60e9;

    private final CheckpointConfig config;
    private final LongSupplier clock;
    private long savedAt;
    private int stepsSince;

    /** Starts counting now. */
    public Cadence(CheckpointConfig config) {
        this(config, System::nanoTime);
    }

    /** Starts counting by a clock of nanoseconds. */
    Cadence(CheckpointConfig config, LongSupplier clock) {
        this.config = config;
        this.clock = clock;
        this.savedAt = clock.getAsLong();
    }

    /** Counts a step and returns whether a checkpoint is due after it. */
    public boolean step() {
        stepsSince++;
        boolean bySteps = config.everySteps().isPresent()
                && stepsSince >= config.everySteps().get();
        return bySteps || clock.getAsLong() - savedAt >= config.everyMinutes() * NANOS_PER_MINUTE;
    }

    /** Starts counting anew after a checkpoint. */
    public void saved() {
        savedAt = clock.getAsLong();
        stepsSince = 0;
    }
}
