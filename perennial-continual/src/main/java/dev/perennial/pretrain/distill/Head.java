package dev.perennial.pretrain.distill;

import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** A linear map from the student's embedding to a teacher's space, trained with the student and then thrown away. */
final class Head implements AutoCloseable {
    private final Tensor weight;

    Head(int embedDim, int width, RandomStream random) {
        float[] values = new float[embedDim * width];
        double deviation = 1 / Math.sqrt(embedDim);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        try (var scope = new TensorScope()) {
            weight = scope.keep(Tensors.of(values, embedDim, width));
            weight.retainReference();
            weight.set_requires_grad(true);
        }
    }

    Tensor weight() {
        return weight;
    }

    /** Returns the mean of one minus the cosine between mapped embeddings and a teacher's rows. */
    Tensor distance(Tensor embeddings, Tensor teacher) {
        return TensorScope.compute(() -> {
            Tensor mapped = Tensors.normalized(Tensors.normalized(embeddings).matmul(weight));
            Tensor cosines = mapped.mul(Tensors.normalized(teacher)).sum(1);
            return cosines.mean().neg().add(new Scalar(1.0));
        });
    }

    @Override
    public void close() {
        weight.close();
    }
}
