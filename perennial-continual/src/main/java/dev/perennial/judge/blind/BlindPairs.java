package dev.perennial.judge.blind;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * Finds CLIP-blind pairs in a collection (Tong et al. 2024, arXiv 2401.06209): a cosine above one threshold under one encoder and below
 * another threshold under a second. Products are made block by block, so that memory grows with the collection and not with its square.
 */
public final class BlindPairs {
    /** Cells of a block of cosines: 64 MB. */
    private static final int BLOCK_CELLS = 1 << 24;

    private static final int ROWS = 2048;
    private static final int KEPT = 100_000;
    private static final int SAMPLED_PAIRS = 1_000_000;
    private static final Comparator<BlindPair> BEST_FIRST = Comparator.comparingDouble(BlindPair::difference)
            .reversed()
            .thenComparingInt(BlindPair::first)
            .thenComparingInt(BlindPair::second);

    private BlindPairs() {}

    /**
     * Which pairs are blind.
     *
     * @param above cosine of the first encoder that a pair must exceed
     * @param below cosine of the second encoder that it must stay under
     */
    public record Thresholds(float above, float below) {
        /** Those of the paper, for CLIP ViT-L/14 and DINOv2 ViT-L/14. */
        public static final Thresholds PUBLISHED = new Thresholds(0.95f, 0.6f);

        /** Checks the ranges. */
        public Thresholds {
            if (!(above >= -1 && above <= 1 && below >= -1 && below <= 1)) {
                throw new IllegalArgumentException("thresholds are cosines, -1 to 1, not " + above + " and " + below);
            }
        }

        /**
         * Returns quantiles over random pairs of a collection, since cosine levels depend on the encoder: the top share of the first
         * and the bottom share of the second.
         *
         * @param topShare such as 0.0001
         * @param bottomShare such as 0.5
         */
        public static Thresholds ofShares(float[][] rows, float[][] others, double topShare, double bottomShare) {
            return new Thresholds(quantile(rows, 1 - topShare), quantile(others, bottomShare));
        }
    }

    /**
     * What was found.
     *
     * @param pairs the widest differences first
     * @param found all blind pairs of the collection
     * @param above all pairs above the first threshold, blind or not
     */
    public record Found(List<BlindPair> pairs, long found, long above) {}

    /**
     * Finds blind pairs.
     *
     * @param rows normalised embeddings of the first encoder {@code [images][width]}
     * @param others those of the second for the same images {@code [images][other width]}
     * @param most pairs returned at most
     * @param perImage pairs returned at most of any one image
     */
    public static Found find(float[][] rows, float[][] others, Thresholds thresholds, int most, int perImage) {
        if (rows.length != others.length || rows.length < 2) {
            throw new IllegalArgumentException("blind pairs need two embeddings of each of several images, not "
                    + rows.length + " and " + others.length);
        }
        var kept = new PriorityQueue<BlindPair>(BEST_FIRST.reversed());
        long found = 0;
        long above = 0;
        int images = rows.length;
        int columns = Math.min(images, BLOCK_CELLS / ROWS);
        float[] block = new float[ROWS * columns];
        try (var _ = new TensorScope()) {
            Tensor all = tensor(rows);
            for (int from = 0; from < images; from += ROWS) {
                int to = Math.min(images, from + ROWS);
                for (int left = from; left < images; left += columns) {
                    int right = Math.min(images, left + columns);
                    product(all, from, to, left, right, block);
                    List<long[]> candidates = candidates(block, from, to, left, right, thresholds.above());
                    for (long[] row : candidates) {
                        above += row.length;
                        for (long pair : row) {
                            int i = (int) (pair >>> Integer.SIZE);
                            int j = (int) pair;
                            float other = cosine(others[i], others[j]);
                            if (other < thresholds.below()) {
                                found++;
                                kept.add(new BlindPair(i, j, block[(i - from) * (right - left) + j - left], other));
                                if (kept.size() > KEPT) {
                                    kept.poll();
                                }
                            }
                        }
                    }
                }
            }
        }
        return new Found(chosen(kept, images, most, perImage), found, above);
    }

    private static List<BlindPair> chosen(PriorityQueue<BlindPair> kept, int images, int most, int perImage) {
        int[] uses = new int[images];
        List<BlindPair> chosen = new ArrayList<>();
        for (BlindPair pair : kept.stream().sorted(BEST_FIRST).toList()) {
            if (chosen.size() < most && uses[pair.first()] < perImage && uses[pair.second()] < perImage) {
                uses[pair.first()]++;
                uses[pair.second()]++;
                chosen.add(pair);
            }
        }
        return chosen;
    }

    private static void product(Tensor all, int from, int to, int left, int right, float[] block) {
        try (var _ = new TensorScope()) {
            Tensor product = all.narrow(0, from, (long) to - from)
                    .matmul(all.narrow(0, left, (long) right - left).t());
            product.data_ptr_float().get(block, 0, (to - from) * (right - left));
        }
    }

    /** Returns the pairs of each row of a block that are above the threshold, each packed into one number. */
    private static List<long[]> candidates(float[] block, int from, int to, int left, int right, float above) {
        int width = right - left;
        return IntStream.range(from, to)
                .parallel()
                .mapToObj(i -> {
                    int start = Math.max(left, i + 1) - left;
                    int offset = (i - from) * width;
                    long[] found = new long[8];
                    int count = 0;
                    for (int j = start; j < width; j++) {
                        if (block[offset + j] > above) {
                            found = count == found.length ? Arrays.copyOf(found, 2 * count) : found;
                            found[count++] = (long) i << Integer.SIZE | (left + j);
                        }
                    }
                    return Arrays.copyOf(found, count);
                })
                .toList();
    }

    private static float quantile(float[][] rows, double share) {
        var random = new SplittableRandom(rows.length);
        double[] cosines = new double[Math.min(SAMPLED_PAIRS, rows.length * 1000)];
        for (int i = 0; i < cosines.length; i++) {
            int a = random.nextInt(rows.length);
            int b = (a + 1 + random.nextInt(rows.length - 1)) % rows.length;
            cosines[i] = cosine(rows[a], rows[b]);
        }
        Arrays.sort(cosines);
        int place = (int) Math.floor(share * (cosines.length - 1));
        return (float) Math.max(-1, Math.min(1, cosines[Math.max(0, Math.min(cosines.length - 1, place))]));
    }

    private static float cosine(float[] a, float[] b) {
        float sum = 0;
        for (int d = 0; d < a.length; d++) {
            sum += a[d] * b[d];
        }
        return sum;
    }

    private static Tensor tensor(float[][] rows) {
        int width = rows[0].length;
        float[] flat = new float[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * width, width);
        }
        return Tensors.of(flat, rows.length, width);
    }
}
