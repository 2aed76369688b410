package dev.perennial.pretrain;

/** Measures the time that training takes, over interruptions. */
final class PretrainClock {
    private final double before;
    private final long began = System.nanoTime();
    private final double checkpointSeconds;
    private long lap = began;
    private long checkpoint = began;

    /**
     * Starts the clock.
     *
     * @param before seconds of training before an interruption
     */
    PretrainClock(double before, double checkpointMinutes) {
        this.before = before;
        this.checkpointSeconds = 60 * checkpointMinutes;
    }

    double seconds() {
        return before + since(began);
    }

    /** Returns the seconds since the last call. */
    double lap() {
        double seconds = since(lap);
        lap = System.nanoTime();
        return seconds;
    }

    boolean checkpointIsDue() {
        return since(checkpoint) >= checkpointSeconds;
    }

    void checkpointed() {
        checkpoint = System.nanoTime();
    }

    private static double since(long instant) {
        return (System.nanoTime() - instant) / 1e9;
    }
}
