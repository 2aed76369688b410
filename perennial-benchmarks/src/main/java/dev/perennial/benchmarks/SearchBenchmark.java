package dev.perennial.benchmarks;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.evaluate.GemmScores;
import dev.perennial.evaluate.metric.RetrievalMetrics;
import dev.perennial.judge.blind.BlindPairs;
import dev.perennial.run.ProcessMemory;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/** Times recall and the mining of blind pairs beside the matrix products that they contain, in turns. */
public final class SearchBenchmark {
    private static final int BLOCK = 1 << 24;

    private SearchBenchmark() {}

    /** Runs the benchmark; {@code --images} and {@code --width} set its size, {@code --rounds} how often all is timed. */
    public static void main(String[] arguments) {
        int images = 100_000;
        int width = 512;
        int rounds = 3;
        for (Iterator<String> rest = List.of(arguments).iterator(); rest.hasNext(); ) {
            String option = rest.next();
            switch (option) {
                case "--images" -> images = Integer.parseInt(Options.value(option, rest));
                case "--width" -> width = Integer.parseInt(Options.value(option, rest));
                case "--rounds" -> rounds = Integer.parseInt(Options.value(option, rest));
                default -> throw new IllegalArgumentException("unknown option '" + option + "'\n" + Options.USAGE);
            }
        }
        float[][] rows = rows(images, width, 1);
        float[][] others = rows(images, width, 2);
        int[] own = IntStream.range(0, images).toArray();
        System.out.printf(Locale.ROOT, "%,d x %,d embeddings of %d numbers%n", images, images, width);
        for (int round = 1; round <= rounds; round++) {
            double products = seconds(() -> products(rows, others, 2, false));
            double recall = seconds(() -> {
                try (GemmScores scores = new GemmScores(rows, others)) {
                    RetrievalMetrics.ofScores(rows.length, own, scores);
                }
            });
            double half = seconds(() -> products(rows, rows, 1, true));
            double mining = seconds(() -> BlindPairs.find(rows, others, BlindPairs.Thresholds.PUBLISHED, 100, 2));
            System.out.printf(
                    Locale.ROOT,
                    "round %d: recall %.1f s, its products %.1f s, ratio %.2f; mining %.1f s, its products %.1f s, ratio"
                            + " %.2f%n",
                    round,
                    recall,
                    products,
                    recall / products,
                    mining,
                    half,
                    mining / half);
        }
        System.out.printf(Locale.ROOT, "largest resident size: %d MB%n", ProcessMemory.peakBytes() >> 20);
    }

    /** The products alone, in blocks of the size that recall uses. */
    private static void products(float[][] left, float[][] right, int times, boolean upper) {
        try (var _ = new TensorScope()) {
            Tensor a = tensor(left);
            Tensor b = tensor(right);
            int step = upper ? 2048 : Math.max(1, BLOCK / right.length);
            for (int time = 0; time < times; time++) {
                for (int from = 0; from < left.length; from += step) {
                    int rows = Math.min(step, left.length - from);
                    int first = upper ? from : 0;
                    for (int at = first; at < right.length; at += upper ? BLOCK / 2048 : right.length) {
                        int columns = upper ? Math.min(BLOCK / 2048, right.length - at) : right.length;
                        try (var _ = new TensorScope()) {
                            a.narrow(0, from, rows)
                                    .matmul(b.narrow(0, at, columns).t());
                        }
                    }
                }
            }
        }
    }

    private static Tensor tensor(float[][] rows) {
        int width = rows[0].length;
        float[] flat = new float[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * width, width);
        }
        return Tensors.of(flat, rows.length, width);
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private static float[][] rows(int count, int width, long seed) {
        var random = new Random(seed);
        float[][] rows = new float[count][width];
        for (float[] row : rows) {
            double square = 0;
            for (int d = 0; d < width; d++) {
                row[d] = (float) random.nextGaussian();
                square += (double) row[d] * row[d];
            }
            float scale = (float) (1 / Math.sqrt(square));
            for (int d = 0; d < width; d++) {
                row[d] *= scale;
            }
        }
        return rows;
    }
}
