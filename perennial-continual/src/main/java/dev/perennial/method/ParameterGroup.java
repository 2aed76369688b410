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
 * @param rowScales for parameters of which only some rows are moved, by name; all rows of the others are
 */
public record ParameterGroup(
        String name,
        SequencedMap<String, Tensor> parameters,
        double learningRateFactor,
        boolean decays,
        Map<String, RowScales> rowScales) {
    /** Keeps the order of the parameters. */
    public ParameterGroup {
        parameters = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(parameters));
        rowScales = Map.copyOf(rowScales);
    }

    /** Creates a group of which all rows are moved alike. */
    public ParameterGroup(
            String name, SequencedMap<String, Tensor> parameters, double learningRateFactor, boolean decays) {
        this(name, parameters, learningRateFactor, decays, Map.of());
    }

    /** Returns the number of elements of all parameters. */
    public long count() {
        return parameters.values().stream().mapToLong(Tensor::numel).sum();
    }
}
