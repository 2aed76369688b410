package dev.perennial.method.moe;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Which experts take part in a batch, and with what weight.
 *
 * @param weights rows that sum to one and are zero but for the chosen experts, {@code [batch, experts]}
 * @param chosen the experts of each sample, one row after the other
 * @param perSample experts of a sample
 */
@SuppressWarnings("ArrayRecordComponent") // Made and read within one block; never compared.
record Gates(Tensor weights, int[] chosen, int perSample) {
    /**
     * Keeps the largest logits of each sample, the first ones where they are equal, and takes the softmax over them alone. No
     * gradient passes through the choice.
     *
     * @param logits {@code [batch, experts]}
     */
    static Gates of(Tensor logits, int perSample) {
        try (var scope = new TensorScope()) {
            Tensor best = torch.argsort(logits.detach(), /* stable= */ true, 1, /* descending= */ true)
                    .narrow(1, 0, perSample);
            Tensor weights = torch.zeros_like(logits)
                    .scatter(1, best, logits.gather(1, best).softmax(1));
            int[] chosen = Arrays.stream(Tensors.toLongs(best))
                    .mapToInt(Math::toIntExact)
                    .toArray();
            return new Gates(scope.keep(weights), chosen, perSample);
        }
    }

    /** Returns the samples that chose an expert, in order. */
    int[] samplesOf(int expert) {
        return IntStream.range(0, chosen.length)
                .filter(i -> chosen[i] == expert)
                .map(i -> i / perSample)
                .toArray();
    }

    /** Returns how often each expert was chosen. */
    long[] counts() {
        long[] counts = new long[Math.toIntExact(weights.size(1))];
        for (int expert : chosen) {
            counts[expert]++;
        }
        return counts;
    }
}
