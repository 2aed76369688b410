package dev.perennial.evaluate;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.evaluate.metric.TextImageScores;
import java.lang.foreign.MemorySegment;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Dot products of text and image features by the tensor engine, a block at a time. */
public final class GemmScores implements TextImageScores, AutoCloseable {
    private final Tensor images;
    private final Tensor texts;
    /** One block for all calls: a fresh one would be mapped and cleared by the system each time. */
    private Tensor scores;

    /**
     * Copies the features to the engine.
     *
     * @param images {@code [images][width]}
     * @param texts {@code [texts][width]}
     */
    public GemmScores(float[][] images, float[][] texts) {
        this.images = tensor(images);
        this.texts = tensor(texts);
        this.scores = empty(0);
    }

    /** The block is overwritten by the next call. */
    @Override
    public MemorySegment block(int from, int to) {
        int rows = to - from;
        if (scores.size(0) != rows) {
            scores.close();
            scores = empty(rows);
        }
        try (var _ = new TensorScope()) {
            torch.mm_out(scores, texts.narrow(0, from, rows), images.t());
            return MemorySegment.ofBuffer(
                    scores.data_ptr_float().capacity(scores.numel()).asBuffer());
        }
    }

    @Override
    public void close() {
        images.close();
        texts.close();
        scores.close();
    }

    private Tensor empty(int rows) {
        try (var _ = new TensorScope()) {
            return torch.empty(rows, images.size(0)).retainReference();
        }
    }

    private static Tensor tensor(float[][] rows) {
        int width = rows[0].length;
        float[] flat = new float[Math.multiplyExact(rows.length, width)];
        for (int i = 0; i < rows.length; i++) {
            if (rows[i].length != width) {
                throw new IllegalArgumentException(
                        "feature " + i + " has " + rows[i].length + " numbers where the first has " + width);
            }
            System.arraycopy(rows[i], 0, flat, i * width, width);
        }
        try (var _ = new TensorScope()) {
            return Tensors.of(flat, rows.length, width).retainReference();
        }
    }
}
