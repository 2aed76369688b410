package dev.perennial.train;

import dev.perennial.data.BatchReader;
import dev.perennial.data.LoadedBatch;
import dev.perennial.stream.ArrivalSpec;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The batches of a stream that does not wait: which samples make up the next one shows only when the learner is free for it. */
final class PacedBatches implements ArrivalSource {
    private final ArrivalSpec spec;
    private final ArrivalQueue queue;
    private final BatchReader reader;
    private final int batchSize;
    private final int times;
    private List<Integer> batch;
    private int given;
    private @Nullable LoadedBatch ahead;

    /**
     * What must survive a stop.
     *
     * @param queue what has come
     * @param batch positions of the samples of the batch at hand; none before the first
     * @param given how often it was given
     */
    record State(ArrivalQueue.State queue, List<Integer> batch, int given) {
        static final State START = new State(ArrivalQueue.State.START, List.of(), 0);
    }

    PacedBatches(
            ArrivalSpec spec, List<Integer> sessionEnds, BatchReader reader, int batchSize, int times, State from) {
        this.spec = spec;
        this.queue = new ArrivalQueue(spec, sessionEnds, from.queue());
        this.reader = reader;
        this.batchSize = batchSize;
        this.times = times;
        this.batch = from.batch();
        this.given = from.given();
    }

    @Override
    public boolean hasNextBefore(int end) {
        while (ahead == null) {
            if (isBatchOver()) {
                if (queue.next().orElse(end) >= end) {
                    return false;
                }
                batch = queue.take(batchSize);
                given = 0;
            }
            ahead = reader.read(batch, offset()).orElse(null);
            if (ahead == null) {
                // None of its samples can be read; the reader has listed them.
                given = times;
            }
        }
        return true;
    }

    /** The place that this batch has where every batch is known before, as far as nothing was dropped. */
    private int offset() {
        return Math.toIntExact(times * (queue.state().taken() - batch.size()) + (long) given * batch.size());
    }

    @Override
    public boolean hasNext() {
        return ahead != null || hasNextBefore(Integer.MAX_VALUE);
    }

    @Override
    public LoadedBatch next() {
        LoadedBatch next = ahead;
        if (next == null) {
            throw new NoSuchElementException("the stream is over");
        }
        ahead = null;
        given++;
        return next;
    }

    @Override
    public int seen() {
        return batch.isEmpty() ? 0 : batch.getLast() + 1;
    }

    @Override
    public boolean isBatchOver() {
        return batch.isEmpty() || given >= times;
    }

    @Override
    public void took(double seconds) {
        queue.pass(spec.secondsPerStep().orElse(seconds));
    }

    @Override
    public ArrivalQueue.State counts() {
        return queue.state();
    }

    @Override
    public Optional<State> state() {
        return Optional.of(new State(queue.state(), batch, given));
    }

    @Override
    public void close() {
        reader.close();
    }
}
