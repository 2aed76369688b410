package dev.perennial.data.official;

import dev.perennial.clip.tensor.MersenneTwister;
import java.util.Arrays;
import java.util.List;

/** The split of data sets that have none: {@code torch.random_split} into 80 and 20 per cent by the seed of ZSCL. */
final class RandomSplit {
    private static final long SEED = 42;
    private static final double TRAIN_SHARE = 0.8;

    private RandomSplit() {}

    static <T> List<T> of(List<T> all, String split) {
        int[] order = new MersenneTwister(SEED).torchPermutation(all.size());
        int train = (int) (TRAIN_SHARE * all.size());
        boolean first = split.equals("train");
        return Arrays.stream(order, first ? 0 : train, first ? train : all.size())
                .mapToObj(all::get)
                .toList();
    }
}
