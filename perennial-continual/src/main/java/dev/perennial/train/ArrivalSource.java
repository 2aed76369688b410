package dev.perennial.train;

import dev.perennial.data.LoadedBatch;
import java.util.Iterator;
import java.util.Optional;

/** Gives the batches of an online stream, each as often as it is learned. */
interface ArrivalSource extends Iterator<LoadedBatch>, AutoCloseable {
    /** Returns whether there is another batch whose samples come before one, the end of a session; must be asked before each batch. */
    boolean hasNextBefore(int end);

    /** Returns the number of samples of the stream up to the last one of the batch given last. */
    int seen();

    /** Returns whether the batch given last does not come again. */
    boolean isBatchOver();

    /** Hears what the step over a batch took. */
    void took(double seconds);

    /** Returns the number of samples that have come, were given, were dropped, and wait. */
    ArrivalQueue.State counts();

    /** Returns what must survive a stop beside the place of the sampler. */
    Optional<PacedBatches.State> state();

    @Override
    void close();
}
