package dev.perennial.judge.blind;

import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.run.AdaptedModel;
import dev.perennial.teacher.ImageTeacher;

/** Anything that turns prepared pixels into a row for each image. */
public interface ImageEncoder extends AutoCloseable {
    /** Returns how an image becomes its input. */
    Preprocessing preprocessing();

    /** Returns a row for each image, of any length but zero, for pixels {@code [batch, 3, size, size]}. */
    float[][] encode(float[] pixels, int batch);

    @Override
    void close();

    /** Takes the image embeddings of a model, which is closed with the encoder. */
    static ImageEncoder of(AdaptedModel model) {
        return new ImageEncoder() {
            @Override
            public Preprocessing preprocessing() {
                return model.preprocessing();
            }

            @Override
            public float[][] encode(float[] pixels, int batch) {
                int size = preprocessing().imageSize();
                try (var _ = new TensorScope()) {
                    return Tensors.toRows(model.clip().embedImages(Tensors.of(pixels, batch, 3, size, size)));
                }
            }

            @Override
            public void close() {
                model.close();
            }
        };
    }

    /** Takes the first output of a teacher, which is closed with the encoder. */
    static ImageEncoder of(ImageTeacher teacher) {
        return new ImageEncoder() {
            @Override
            public Preprocessing preprocessing() {
                return teacher.preprocessing();
            }

            @Override
            public float[][] encode(float[] pixels, int batch) {
                return teacher.look(pixels, batch).getFirst();
            }

            @Override
            public void close() {
                teacher.close();
            }
        };
    }
}
