package dev.perennial.teacher;

import dev.perennial.clip.image.Preprocessing;
import java.util.List;

/** A trained image model whose outputs a student imitates. */
public interface ImageTeacher extends AutoCloseable {

    /** Returns how an image becomes its input. */
    Preprocessing preprocessing();

    /** Returns the names of its outputs, such as {@code features} and {@code logits}. */
    List<String> outputs();

    /**
     * Shows it images.
     *
     * @param pixels prepared by {@link #preprocessing()}, {@code [batch, 3, size, size]}
     * @param batch number of images
     * @return for each of {@link #outputs()}, in that order, {@code [batch][width]}
     */
    List<float[][]> look(float[] pixels, int batch);

    @Override
    void close();
}
