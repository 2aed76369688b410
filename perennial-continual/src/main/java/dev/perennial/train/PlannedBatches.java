package dev.perennial.train;

import dev.perennial.data.BatchSampler;
import dev.perennial.data.LoadedBatch;
import dev.perennial.data.Loader;
import java.util.List;
import java.util.Optional;

/** The batches of a stream that waits for its learner: all are known before, and are read ahead of the step. */
final class PlannedBatches implements ArrivalSource {
    private final Loader loader;
    private final BatchSampler sampler;
    private BatchSampler.Position place;
    private int over;

    PlannedBatches(Loader loader, BatchSampler sampler, BatchSampler.Position from) {
        this.loader = loader;
        this.sampler = sampler;
        this.place = from;
    }

    @Override
    public boolean hasNextBefore(int end) {
        if (sampler.nextAt(place).orElse(end) < end && loader.hasNext()) {
            return true;
        }
        // Those at the end may all be unreadable, and have come nevertheless.
        over = end;
        return false;
    }

    @Override
    public boolean hasNext() {
        return loader.hasNext();
    }

    @Override
    public LoadedBatch next() {
        LoadedBatch batch = loader.next();
        place = batch.next();
        return batch;
    }

    @Override
    public int seen() {
        return sampler.arrivedAt(place);
    }

    @Override
    public boolean isBatchOver() {
        return sampler.nextAt(place).orElse(Integer.MAX_VALUE) >= seen();
    }

    /** The stream waits. */
    @Override
    public void took(double seconds) {}

    @Override
    public ArrivalQueue.State counts() {
        int come = Math.max(over, seen());
        return new ArrivalQueue.State(0, come, List.of(), come, 0);
    }

    @Override
    public Optional<PacedBatches.State> state() {
        return Optional.empty();
    }

    @Override
    public void close() {
        loader.close();
    }
}
