package dev.perennial.evaluate;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.evaluate.metric.TextImageScores;
import org.bytedeco.pytorch.Tensor;

/** Dot products of text and image features by the tensor engine, a block at a time. */
public final class GemmScores implements TextImageScores, AutoCloseable {
    private final Tensor images;
    private final Tensor texts;
    private float[] block = new float[0];

    /**
     * Copies the features to the engine.
     *
     * @param images {@code [images][width]}
     * @param texts {@code [texts][width]}
     */
    public GemmScores(float[][] images, float[][] texts) {
        this.images = tensor(images);
        this.texts = tensor(texts);
    }

    /** The block is overwritten by the next call. */
    @Override
    public float[] block(int from, int to) {
        try (var _ = new TensorScope()) {
            Tensor scores = texts.narrow(0, from, (long) to - from).matmul(images.t());
            int cells = Math.toIntExact(scores.numel());
            block = block.length == cells ? block : new float[cells];
            scores.data_ptr_float().get(block);
        }
        return block;
    }

    @Override
    public void close() {
        images.close();
        texts.close();
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
