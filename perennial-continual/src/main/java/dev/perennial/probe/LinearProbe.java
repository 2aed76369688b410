package dev.perennial.probe;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.method.ParameterGroup;
import dev.perennial.train.AdamW;
import dev.perennial.train.AdamWConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Logistic regression on frozen image embeddings: what the image tower knows, whatever the text tower makes of the class names
 * (Radford et al. 2021, section 3.2). Embeddings are standardised by the training images; the whole set is one batch.
 */
public final class LinearProbe {
    private static final int STEPS = 300;
    private static final double LEARNING_RATE = 0.05;
    private static final double WEIGHT_DECAY = 0.02;
    private static final double EPSILON = 1e-6;

    private LinearProbe() {}

    /**
     * Returns the accuracy on the test images in percent.
     *
     * @param train embeddings of the training images, {@code [images, embedDim]}
     * @param trainLabels their classes, counted from 0
     * @param test embeddings of the test images
     * @param testLabels their classes
     * @param classes number of classes
     */
    public static double accuracy(float[][] train, long[] trainLabels, float[][] test, long[] testLabels, int classes) {
        if (train.length == 0 || test.length == 0) {
            throw new IllegalArgumentException(
                    "a linear probe needs training and test images, not " + train.length + " and " + test.length);
        }
        try (var _ = new TensorScope()) {
            Tensor inputs = tensor(train);
            Tensor mean = inputs.mean(0);
            Tensor deviation = inputs.sub(mean).square().mean(0).sqrt().add(new Scalar(EPSILON));
            Tensor weight = torch.zeros(train[0].length, classes).set_requires_grad(true);
            Tensor bias = torch.zeros(classes).set_requires_grad(true);
            fit(inputs.sub(mean).div(deviation), Tensors.of(trainLabels, trainLabels.length), weight, bias);
            long[] predicted = Tensors.toLongs(TensorScope.computeWithoutGradient(() -> tensor(test)
                    .sub(mean)
                    .div(deviation)
                    .matmul(weight)
                    .add(bias)
                    .argmax(new LongOptional(1), false)));
            int correct = 0;
            for (int i = 0; i < predicted.length; i++) {
                correct += predicted[i] == testLabels[i] ? 1 : 0;
            }
            return 100.0 * correct / test.length;
        }
    }

    private static void fit(Tensor inputs, Tensor labels, Tensor weight, Tensor bias) {
        SequencedMap<String, Tensor> matrix = new LinkedHashMap<>();
        matrix.put("weight", weight);
        SequencedMap<String, Tensor> vector = new LinkedHashMap<>();
        vector.put("bias", bias);
        List<ParameterGroup> groups =
                List.of(new ParameterGroup("weight", matrix, 1, true), new ParameterGroup("bias", vector, 1, false));
        try (AdamW optimizer = new AdamW(groups, new AdamWConfig(0.9, 0.999, 1e-8, WEIGHT_DECAY))) {
            for (int step = 0; step < STEPS; step++) {
                optimizer.clearGradients();
                try (var _ = new TensorScope()) {
                    torch.cross_entropy_loss(inputs.matmul(weight).add(bias), labels)
                            .backward();
                }
                optimizer.step(LEARNING_RATE * 0.5 * (1 + Math.cos(Math.PI * step / STEPS)));
            }
            optimizer.clearGradients();
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
}
