package dev.perennial.method;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/** Sorts parameters into groups for the optimizer. */
public final class ParameterGroups {
    private ParameterGroups() {}

    /** Returns one group that decays and one that does not, leaving out an empty one. */
    public static List<ParameterGroup> byDecay(SequencedMap<String, Tensor> parameters) {
        SequencedMap<String, Tensor> decayed = new LinkedHashMap<>();
        SequencedMap<String, Tensor> kept = new LinkedHashMap<>();
        parameters.forEach((name, tensor) -> (decays(name, tensor) ? decayed : kept).put(name, tensor));
        return Stream.of(
                        new ParameterGroup("matrices", decayed, 1, true),
                        new ParameterGroup("gains and biases", kept, 1, false))
                .filter(group -> !group.parameters().isEmpty())
                .toList();
    }

    /** The rule of open_clip: no decay of vectors and scalars, nor of anything named a norm, a bias or the logit scale. */
    private static boolean decays(String name, Tensor tensor) {
        return tensor.dim() >= 2
                && !name.contains("bn")
                && !name.contains("ln")
                && !name.contains("bias")
                && !name.contains("logit_scale");
    }
}
