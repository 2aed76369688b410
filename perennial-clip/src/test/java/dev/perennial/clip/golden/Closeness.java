package dev.perennial.clip.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;

/** Compares tensors with expected ones under the tolerances of the golden cases. */
public final class Closeness {
    private Closeness() {}

    /** Fails unless every element differs by at most {@code tolerance}. */
    public static void assertClose(String what, Tensor actual, StoredTensor expected, double tolerance) {
        assertClose(what, Tensors.toFloats(actual), expected.toFloats(), tolerance);
    }

    /** Fails unless every element differs by at most {@code tolerance}. */
    public static void assertClose(String what, float[] actual, float[] expected, double tolerance) {
        assertThat(actual).as("elements of " + what).hasSameSizeAs(expected);
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs((double) actual[i] - expected[i]);
            // NaN must count as a difference, whatever it is compared with.
            worst = difference <= worst ? worst : difference;
        }
        assertThat(worst).as("largest difference of " + what).isLessThanOrEqualTo(tolerance);
    }

    /** Fails unless every element differs by at most {@code share} of the expected tensor's largest element, plus a floor. */
    public static void assertCloseToMax(String what, Tensor actual, StoredTensor expected, double share, double floor) {
        float[] values = expected.toFloats();
        assertClose(what, Tensors.toFloats(actual), values, share * largest(values) + floor);
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
