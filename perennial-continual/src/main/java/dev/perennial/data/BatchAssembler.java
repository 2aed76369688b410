package dev.perennial.data;

import dev.perennial.data.BatchSampler.Turn;
import dev.perennial.data.Loader.Delivery;
import dev.perennial.data.SampleLoading.Bad;
import dev.perennial.data.SampleLoading.Good;
import dev.perennial.data.SampleLoading.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Keeps the workers busy some samples ahead, takes what they made in order, and packs it into batches. */
final class BatchAssembler {
    private record Pending(Turn turn, Future<Outcome<float[]>> outcome) {}

    private final Dataset dataset;
    private final BatchSampler sampler;
    private final Iterator<Turn> turns;
    private final ImagePreparation preparation;
    private final long seed;
    private final LoaderThreads threads;
    private final BadShare share;
    private final int window;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final List<Good<float[]>> batch = new ArrayList<>();
    private List<BadSample> bad = new ArrayList<>();

    BatchAssembler(
            Dataset dataset,
            BatchSampler sampler,
            Iterator<Turn> turns,
            ImagePreparation preparation,
            LoaderOptions options,
            LoaderThreads threads) {
        this.dataset = dataset;
        this.sampler = sampler;
        this.turns = turns;
        this.preparation = preparation;
        this.seed = options.seed();
        this.threads = threads;
        this.share = new BadShare(dataset.info().title(), options.maxBadShare());
        this.window = Math.max(sampler.batchSize(), 2 * options.threads());
    }

    /** Delivers batches until the end, a failure, or the closing of the threads. */
    void run(BlockingQueue<Delivery> ready) {
        try {
            try {
                assemble(ready);
                ready.put(new Delivery(bad, null, null));
            } catch (RuntimeException e) {
                ready.put(new Delivery(bad, null, e));
            } catch (Error e) {
                ready.put(new Delivery(bad, null, new LoaderException("loading failed (" + e + ")", e)));
            }
        } catch (InterruptedException e) {
            // The loader was closed and nobody waits any more.
        }
    }

    private void assemble(BlockingQueue<Delivery> ready) throws InterruptedException {
        for (submit(); !pending.isEmpty(); submit()) {
            Pending head = pending.remove();
            switch (outcome(head)) {
                case Good<float[]> good -> {
                    share.good();
                    batch.add(good);
                }
                case Bad<float[]>(BadSample sample) -> {
                    bad.add(sample);
                    share.bad(sample);
                }
            }
            if (isBatch(head.turn().endsBatch())) {
                ready.put(new Delivery(
                        bad,
                        LoadedBatch.of(
                                dataset.info().title(), batch, head.turn().next()),
                        null));
                bad = new ArrayList<>();
                batch.clear();
            }
            if (head.turn().endsEpoch()) {
                batch.clear();
                share.endEpoch(sampler.epochSize(), sampler.dropsLast() ? sampler.batchSize() : 1);
            }
        }
    }

    private boolean isBatch(boolean ends) {
        boolean full = batch.size() == sampler.batchSize();
        return full || (ends && !batch.isEmpty() && !sampler.dropsLast());
    }

    private void submit() {
        while (pending.size() < window && turns.hasNext()) {
            Turn turn = turns.next();
            pending.add(new Pending(turn, threads.submit(() -> load(turn))));
        }
    }

    private Outcome<float[]> load(Turn turn) {
        return SampleLoading.load(
                dataset, turn.sample(), image -> preparation.prepare(image, SampleLoading.random(seed, turn.place())));
    }

    private static Outcome<float[]> outcome(Pending head) throws InterruptedException {
        try {
            return head.outcome().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new LoaderException("loading failed (" + e.getCause() + ")", e);
        }
    }
}
