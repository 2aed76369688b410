package dev.perennial.cli;

import dev.perennial.clip.tensor.TensorScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Measures how fast the engine multiplies matrices, which is what training and inference mostly do. */
final class MatrixRate {
    private static final int SMALL = 512;
    private static final int LARGE = 2048;
    private static final int REPEATS = 6;
    /** A product that takes longer than this is not worth waiting for: the small one tells enough. */
    private static final double PATIENCE_SECONDS = 2;

    private MatrixRate() {}

    /** Returns the best rate of several products of square matrices of 2,048 rows, in GFLOP/s. */
    static double gigaflops(ScalarType type) {
        double small = best(type, SMALL);
        return operations(LARGE) / small > PATIENCE_SECONDS * 1e9 ? small : best(type, LARGE);
    }

    private static double best(ScalarType type, int size) {
        try (var _ = new TensorScope()) {
            Tensor left = torch.rand(size, size).to(type);
            Tensor right = torch.rand(size, size).to(type);
            double best = 0;
            // The first product, which sets up threads and buffers, is never the best one.
            for (int i = 0; i < REPEATS; i++) {
                long start = System.nanoTime();
                try (var _ = new TensorScope()) {
                    torch.mm(left, right);
                }
                best = Math.max(best, operations(size) / (System.nanoTime() - start));
            }
            return best;
        }
    }

    /** A multiplication and an addition for each of the inner elements. */
    private static double operations(int size) {
        return 2.0 * size * size * size;
    }
}
