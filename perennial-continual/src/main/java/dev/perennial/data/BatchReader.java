package dev.perennial.data;

import dev.perennial.data.SampleLoading.Bad;
import dev.perennial.data.SampleLoading.Good;
import dev.perennial.data.SampleLoading.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Reads, decodes and prepares a batch when it is asked for, where it is not known before which samples make it up. What is prepared is
 * what a {@link Loader} would make of the same samples at the same places.
 */
public final class BatchReader implements AutoCloseable {
    private final Dataset dataset;
    private final ImagePreparation preparation;
    private final long seed;
    private final BadSamples badSamples;
    private final BadShare share;
    private final LoaderThreads threads;

    /** Creates a reader; {@code options} say how, but nothing is read ahead. */
    public BatchReader(Dataset dataset, ImagePreparation preparation, LoaderOptions options, BadSamples badSamples) {
        this.dataset = dataset;
        this.preparation = preparation;
        this.seed = options.seed();
        this.badSamples = badSamples;
        this.share = new BadShare(dataset.info().title(), options.maxBadShare());
        this.threads = new LoaderThreads(dataset.info().title(), options.threads());
    }

    /**
     * Reads a batch.
     *
     * @param samples positions in the data set
     * @param offset place of its first sample in the sequence of all that is read
     * @return the samples that can be used; absent if there is none
     * @throws DatasetException if too many samples are bad
     */
    public Optional<LoadedBatch> read(List<Integer> samples, int offset) {
        List<Future<Outcome<float[]>>> outcomes = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            int sample = samples.get(i);
            var place = new BatchSampler.Position(0, offset + i, 0);
            outcomes.add(threads.submit(() -> SampleLoading.load(
                    dataset, sample, image -> preparation.prepare(image, SampleLoading.random(seed, place)))));
        }
        List<Good<float[]>> batch = new ArrayList<>();
        for (Future<Outcome<float[]>> outcome : outcomes) {
            switch (outcome(outcome)) {
                case Good<float[]> good -> {
                    share.good();
                    batch.add(good);
                }
                case Bad<float[]>(BadSample sample) -> {
                    badSamples.add(sample);
                    share.bad(sample);
                }
            }
        }
        var next = new BatchSampler.Position(0, offset + samples.size(), 0);
        return batch.isEmpty()
                ? Optional.empty()
                : Optional.of(LoadedBatch.of(dataset.info().title(), batch, next));
    }

    private static Outcome<float[]> outcome(Future<Outcome<float[]>> outcome) {
        try {
            return outcome.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known
                    ? known
                    : new LoaderException("loading failed (" + e.getCause() + ")", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for a batch");
        }
    }

    @Override
    public void close() {
        threads.close();
    }
}
