package dev.perennial.pretrain;

import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.RandomStreams;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Draws samples from several sources that are stored one after another: each comes from a source chosen by weight, and each source
 * is shuffled anew on every pass.
 */
final class Mixture {
    private final List<Shuffled> sources;
    private final double[] cumulative;
    private final RandomStream choice;

    /**
     * Creates the mixture.
     *
     * @param sizes samples of each source
     * @param weights share of each source; need not sum to one
     */
    Mixture(int[] sizes, double[] weights, RandomStreams random) {
        this.choice = random.stream("mixture");
        this.cumulative = new double[weights.length];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i];
            cumulative[i] = sum;
        }
        int[] offsets = new int[sizes.length];
        for (int i = 1; i < sizes.length; i++) {
            offsets[i] = offsets[i - 1] + sizes[i - 1];
        }
        this.sources = IntStream.range(0, sizes.length)
                .mapToObj(i -> new Shuffled(offsets[i], sizes[i], random.stream("order " + i)))
                .toList();
    }

    /** Returns the positions of the next samples. */
    int[] draw(int count) {
        return IntStream.range(0, count).map(_ -> next()).toArray();
    }

    private int next() {
        double drawn = choice.nextDouble() * cumulative[cumulative.length - 1];
        int source = 0;
        while (drawn >= cumulative[source]) {
            source++;
        }
        return sources.get(source).next();
    }

    /** One source, shuffled anew on every pass. */
    private static final class Shuffled {
        private final int offset;
        private final int size;
        private final RandomStream random;
        private int[] order = {};
        private int at;

        private Shuffled(int offset, int size, RandomStream random) {
            this.offset = offset;
            this.size = size;
            this.random = random;
        }

        private int next() {
            if (at == order.length) {
                order = random.permutation(size);
                at = 0;
            }
            return offset + order[at++];
        }
    }
}
