package dev.perennial.data;

import dev.perennial.data.BatchSampler.Turn;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Gives batches that were read, decoded and prepared ahead of the step, in the order of a sampler.
 *
 * <p>The batches depend on data set, sampler and seed alone, not on the number of threads. Bad samples are left out: the
 * batches are those of the sequence without them, full as ever. A loader is used by one thread and must be closed, which
 * leaves none of its own threads behind.
 */
public final class Loader implements Iterator<LoadedBatch>, AutoCloseable {
    /** What the assembler hands over: bad samples met on the way, and a batch, a failure or the end. */
    record Delivery(
            List<BadSample> bad,
            @Nullable LoadedBatch batch,
            @Nullable RuntimeException failure) {}

    private final BadSamples badSamples;
    private final BlockingQueue<Delivery> ready;
    private final LoaderThreads threads;
    private @Nullable Delivery current;

    /**
     * Starts loading.
     *
     * @param from where in the sampler's sequence to start: {@link BatchSampler#start()}, or {@link LoadedBatch#next()} of
     *     the last batch that was used
     * @param badSamples where bad samples are listed when the batch after them is asked for
     */
    public Loader(
            Dataset dataset,
            BatchSampler sampler,
            BatchSampler.Position from,
            ImagePreparation preparation,
            LoaderOptions options,
            BadSamples badSamples) {
        this.badSamples = badSamples;
        this.ready = new ArrayBlockingQueue<>(options.prefetch());
        Iterator<Turn> turns = sampler.turns(from);
        this.threads = new LoaderThreads(dataset.info().title(), options.threads());
        var assembler = new BatchAssembler(dataset, sampler, turns, preparation, options, threads);
        threads.startAssembler(() -> assembler.run(ready));
    }

    /**
     * Returns whether there is another batch, waiting for it if need be.
     *
     * @throws DatasetException if too many samples are bad
     * @throws LoaderException if loading fails for another reason
     */
    @Override
    public boolean hasNext() {
        if (current == null) {
            current = take();
            current.bad().forEach(badSamples::add);
        }
        if (current.failure() != null) {
            throw current.failure();
        }
        return current.batch() != null;
    }

    @Override
    public LoadedBatch next() {
        if (!hasNext() || current == null || current.batch() == null) {
            throw new NoSuchElementException("all epochs are over");
        }
        LoadedBatch batch = current.batch();
        current = null;
        return batch;
    }

    private Delivery take() {
        if (threads.isClosed()) {
            throw new IllegalStateException("the loader is closed");
        }
        try {
            return ready.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for a batch");
        }
    }

    /** Stops loading and waits until all threads of this loader have ended. */
    @Override
    public void close() {
        threads.close();
    }
}
