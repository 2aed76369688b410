package dev.perennial.bench;

import java.nio.file.Path;
import java.util.function.DoubleConsumer;

/** Carries out single runs, such as in processes of their own, so that the memory of each is known. */
public interface RunLauncher {
    /**
     * Carries out a run to its end, or until it is asked to stop.
     *
     * @param folder the run folder; may hold an unfinished run
     * @param progress hears now and then which share is done, in {@code [0, 1]}
     * @throws RunFailedException if it fails
     * @throws InterruptedException if the thread is interrupted; the run is stopped then
     */
    void launch(PlannedRun run, Path folder, DoubleConsumer progress) throws InterruptedException;
}
