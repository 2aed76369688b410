package dev.perennial.method;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Tensor;

/**
 * Parameters that a method trains with common settings.
 *
 * @param name what they are, for reports, such as {@code matrices}
 * @param parameters the tensors by name
 * @param learningRateFactor multiplies the configured learning rate
 * @param decays whether weight decay applies
 */
public record ParameterGroup(
        String name, SequencedMap<String, Tensor> parameters, double learningRateFactor, boolean decays) {
    /** Keeps the order of the parameters. */
    public ParameterGroup {
        parameters = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(parameters));
    }

    /** Returns the number of elements of all parameters. */
    public long count() {
        return parameters.values().stream().mapToLong(Tensor::numel).sum();
    }

    /**
     * Tells whether weight decay applies to a tensor by the rule of open_clip: not to vectors and scalars (gains and biases), nor
     * to the logit scale.
     */
    public static boolean decays(Map.Entry<String, Tensor> parameter) {
        String name = parameter.getKey();
        return parameter.getValue().dim() >= 2
                && !name.contains("bn")
                && !name.contains("ln")
                && !name.contains("bias")
                && !name.contains("logit_scale");
    }
}
