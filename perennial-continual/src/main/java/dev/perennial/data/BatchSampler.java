package dev.perennial.data;

import dev.perennial.clip.tensor.RandomStream;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Says in which order samples make up batches; a plan without state, whose position is a small record for checkpoints.
 *
 * <p>Batches never cross the end of an epoch: its last batch is smaller, or left out.
 */
public final class BatchSampler {
    private static final int ENDLESS = Integer.MAX_VALUE;

    private final int[] order;
    private final int batchSize;
    private final int epochs;
    private final boolean shuffled;
    private final boolean dropLast;
    private final long seed;
    /** Where in an epoch batches end, beside its own end and where they are full; empty where nowhere else. */
    private final BitSet ends;

    /**
     * A place between two samples.
     *
     * @param epoch epochs completed
     * @param offset samples of this epoch already taken, bad ones included
     * @param randomState state of the random stream at the start of this epoch
     */
    public record Position(int epoch, int offset, long randomState) {}

    /**
     * A batch as positions of samples.
     *
     * @param samples positions in the data set
     * @param next the place after it, from which the next batch follows
     */
    @SuppressWarnings("ArrayRecordComponent") // Made, read once and dropped; never compared.
    public record IndexBatch(int[] samples, Position next) {}

    private BatchSampler(
            int[] order, int batchSize, int epochs, boolean shuffled, boolean dropLast, long seed, BitSet ends) {
        if (batchSize < 1) {
            throw new IllegalArgumentException("batch size must be at least 1 but is " + batchSize);
        }
        if (epochs < 1) {
            throw new IllegalArgumentException("epochs must be at least 1 but are " + epochs);
        }
        if (dropLast && order.length < batchSize) {
            throw new IllegalArgumentException("no batch of " + batchSize + " can be made of " + order.length
                    + " samples; use a smaller batch or keep the last one");
        }
        this.order = order;
        this.batchSize = batchSize;
        this.epochs = epochs;
        this.shuffled = shuffled;
        this.dropLast = dropLast;
        this.seed = seed;
        this.ends = ends;
    }

    /** Returns one epoch of the samples {@code 0..size-1} in order. */
    public static BatchSampler sequential(int size, int batchSize) {
        return new BatchSampler(identity(size), batchSize, 1, false, false, 0, new BitSet());
    }

    /** Returns one epoch of samples in a given order; a sample may come more than once. */
    public static BatchSampler ordered(int[] samples, int batchSize) {
        return new BatchSampler(samples.clone(), batchSize, 1, false, false, 0, new BitSet());
    }

    /** Returns endless epochs of the samples {@code 0..size-1}, each in a random order of its own. */
    public static BatchSampler shuffled(int size, int batchSize, long seed) {
        return new BatchSampler(identity(size), batchSize, ENDLESS, true, false, seed, new BitSet());
    }

    /**
     * Returns one epoch of the samples in order, which come in sections; a batch ends where its section does, and comes several times in a
     * row before the next one.
     *
     * @param sectionEnds the number of samples up to the end of each section, ascending
     * @param times how often each batch comes
     */
    public static BatchSampler arriving(List<Integer> sectionEnds, int batchSize, int times) {
        var samples = IntStream.builder();
        var ends = new BitSet();
        int from = 0;
        int taken = 0;
        for (int end : sectionEnds) {
            while (from < end) {
                int past = Math.min(end, from + batchSize);
                for (int time = 0; time < times; time++) {
                    IntStream.range(from, past).forEach(samples::add);
                    taken += past - from;
                    ends.set(taken - 1);
                }
                from = past;
            }
        }
        return new BatchSampler(samples.build().toArray(), batchSize, 1, false, false, 0, ends);
    }

    private static int[] identity(int size) {
        int[] order = new int[size];
        Arrays.setAll(order, i -> i);
        return order;
    }

    /** Returns the same for this number of epochs. */
    public BatchSampler epochs(int count) {
        return new BatchSampler(order, batchSize, count, shuffled, dropLast, seed, ends);
    }

    /** Returns the same without end. */
    public BatchSampler endless() {
        return epochs(ENDLESS);
    }

    /** Returns the same without the smaller last batch of an epoch. */
    public BatchSampler dropLast() {
        return new BatchSampler(order, batchSize, epochs, shuffled, true, seed, ends);
    }

    /** Returns the number of samples in a full batch. */
    public int batchSize() {
        return batchSize;
    }

    /** Returns the number of samples in an epoch. */
    public int epochSize() {
        return order.length;
    }

    boolean dropsLast() {
        return dropLast;
    }

    /** Returns the sample that comes next at a place; nothing where all epochs that are given in order are over. */
    public OptionalInt nextAt(Position place) {
        return place.epoch() >= epochs || order.length == 0
                ? OptionalInt.empty()
                : OptionalInt.of(order[place.offset()]);
    }

    /** Returns how many different samples come before a place in a sequence in which they come in order, all of a batch together. */
    public int arrivedAt(Position place) {
        if (place.epoch() > 0) {
            return order.length == 0 ? 0 : order[order.length - 1] + 1;
        }
        return place.offset() == 0 ? 0 : order[place.offset() - 1] + 1;
    }

    /** Returns the number of batches in an epoch without bad samples. */
    public int batchesPerEpoch() {
        if (!ends.isEmpty()) {
            return ends.cardinality();
        }
        return dropLast ? order.length / batchSize : Math.ceilDiv(order.length, batchSize);
    }

    /** Returns the place before the first sample. */
    public Position start() {
        return new Position(0, 0, seed);
    }

    /** Returns the batches from a place on, as positions of samples; for work that needs no images. */
    public Iterator<IndexBatch> batches(Position from) {
        var turns = turns(from);
        return new Iterator<>() {
            private @Nullable IndexBatch ahead;

            @Override
            public boolean hasNext() {
                while (ahead == null && turns.hasNext()) {
                    ahead = nextBatch();
                }
                return ahead != null;
            }

            private @Nullable IndexBatch nextBatch() {
                var samples = IntStream.builder();
                for (int count = 1; ; count++) {
                    Turn turn = turns.next();
                    samples.add(turn.sample());
                    if (count == batchSize || turn.endsBatch()) {
                        boolean dropped = dropLast && count < batchSize;
                        return dropped ? null : new IndexBatch(samples.build().toArray(), turn.next());
                    }
                }
            }

            @Override
            public IndexBatch next() {
                if (!hasNext() || ahead == null) {
                    throw new NoSuchElementException("all epochs are over");
                }
                IndexBatch batch = ahead;
                ahead = null;
                return batch;
            }
        };
    }

    /** Returns the samples from a place on, one by one. */
    Iterator<Turn> turns(Position from) {
        return new Turns(from);
    }

    /**
     * One sample in the sequence.
     *
     * @param sample position of the sample in its data set
     * @param place the place before it
     * @param next the place after it
     * @param endsBatch whether a batch ends with it, full or not
     */
    record Turn(int sample, Position place, Position next, boolean endsBatch) {
        boolean endsEpoch() {
            return next.epoch() != place.epoch();
        }
    }

    private final class Turns implements Iterator<Turn> {
        private Position place;
        private int[] epochOrder = order;
        private long nextRandomState;

        Turns(Position from) {
            if (from.offset() < 0 || from.offset() >= Math.max(1, order.length) || from.epoch() < 0) {
                throw new IllegalArgumentException(
                        from + " is no place in epochs of " + order.length + " samples; the data have changed");
            }
            place = from;
            shuffle();
        }

        private void shuffle() {
            nextRandomState = place.randomState();
            if (shuffled) {
                var random = new RandomStream(place.randomState());
                int[] permutation = random.permutation(order.length);
                epochOrder = Arrays.stream(permutation).map(i -> order[i]).toArray();
                nextRandomState = random.state();
            }
        }

        @Override
        public boolean hasNext() {
            return place.epoch() < epochs && order.length > 0;
        }

        @Override
        public Turn next() {
            if (!hasNext()) {
                throw new NoSuchElementException("all epochs are over");
            }
            Position before = place;
            int sample = epochOrder[before.offset()];
            if (before.offset() + 1 < order.length) {
                place = new Position(before.epoch(), before.offset() + 1, before.randomState());
            } else {
                place = new Position(before.epoch() + 1, 0, nextRandomState);
                shuffle();
            }
            boolean endsBatch = place.epoch() != before.epoch() || ends.get(before.offset());
            return new Turn(sample, before, place, endsBatch);
        }
    }
}
