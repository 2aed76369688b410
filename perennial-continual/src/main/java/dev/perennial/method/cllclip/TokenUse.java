package dev.perennial.method.cllclip;

import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.method.RowScales;
import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * How often each token was used before, and how strongly it may therefore change: TEIR's {@code c = used now / n} (arXiv 2401.17186,
 * section 3.3, with the counting of its repository).
 */
final class TokenUse {
    private static final String COUNTS = "counts";

    private float[] counts;
    private boolean grown;

    /** Begins with one use of each token: that of pretraining. */
    TokenUse(int vocabularySize) {
        counts = new float[vocabularySize];
        Arrays.fill(counts, 1);
    }

    /** Returns n by token. */
    float[] counts() {
        return counts.clone();
    }

    /** Takes in that the vocabulary grew: new tokens have n = 1, and at the first growth those of pretraining get one more. */
    void grow(int vocabularySize) {
        int before = counts.length;
        if (!grown) {
            for (int token = 0; token < before; token++) {
                counts[token]++;
            }
            grown = true;
        }
        counts = Arrays.copyOf(counts, vocabularySize);
        Arrays.fill(counts, before, vocabularySize, 1);
    }

    /**
     * Returns c for every token.
     *
     * @param used which tokens the coming captions use
     * @param fixed tokens that never change: the start and the end token
     */
    float[] scales(boolean[] used, int... fixed) {
        float[] scales = new float[counts.length];
        for (int token = 0; token < scales.length; token++) {
            scales[token] = used[token] ? 1 / counts[token] : 0;
        }
        for (int token : fixed) {
            scales[token] = 0;
        }
        return scales;
    }

    /** Adds to n. */
    void learned(float[] added) {
        for (int token = 0; token < counts.length; token++) {
            counts[token] += added[token];
        }
    }

    /**
     * Returns what the optimizer is told; where both parts are scaled, the rows with c = 0 are left out.
     *
     * @param scaleGradient whether gradients (or steps) are scaled by c
     * @param scaleDecay whether decay is
     */
    static RowScales rowScales(float[] scales, boolean scaleGradient, boolean scaleDecay, boolean onStep) {
        int[] rows = IntStream.range(0, scales.length)
                .filter(token -> !(scaleGradient && scaleDecay) || scales[token] > 0)
                .toArray();
        try (var _ = new TensorScope()) {
            return new RowScales(
                    Tensors.indices(rows).retainReference(),
                    column(scales, rows, scaleGradient).retainReference(),
                    column(scales, rows, scaleDecay).retainReference(),
                    onStep);
        }
    }

    private static Tensor column(float[] scales, int[] rows, boolean scaled) {
        float[] column = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            column[i] = scaled ? scales[rows[i]] : 1;
        }
        return Tensors.of(column, rows.length, 1);
    }

    void save(StateWriter state) {
        state.record().put("grown", grown);
        state.tensor(StoredTensor.ofFloats(COUNTS, new long[] {counts.length}, counts));
    }

    void restore(StateReader state) {
        grown = state.record().required("grown").asBoolean();
        counts = state.tensor(COUNTS).toFloats();
    }
}
