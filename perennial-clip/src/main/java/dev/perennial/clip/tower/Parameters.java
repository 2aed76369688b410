package dev.perennial.clip.tower;

import dev.perennial.clip.tensor.TensorScope;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The weights of a model by their official names, in a fixed order; owns their native memory.
 *
 * <p>Names are those of OpenAI's state dict, such as {@code visual.transformer.resblocks.0.attn.in_proj_weight}.
 */
public final class Parameters implements AutoCloseable {
    private final SequencedMap<String, Tensor> tensors;

    /** Takes over these tensors; they are freed when the parameters are closed. */
    public Parameters(Map<String, Tensor> tensors) {
        this.tensors = new LinkedHashMap<>(tensors);
        this.tensors.values().forEach(Tensor::retainReference);
    }

    /** Returns the names in order. */
    public Collection<String> names() {
        return Collections.unmodifiableSet(tensors.sequencedKeySet());
    }

    /** Returns all tensors by name, in order. */
    public SequencedMap<String, Tensor> asMap() {
        return Collections.unmodifiableSequencedMap(tensors);
    }

    /** Tells whether there is a tensor of this name. */
    public boolean has(String name) {
        return tensors.containsKey(name);
    }

    /**
     * Returns the tensor of this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Tensor get(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException(
                    "the model has no tensor '" + name + "'; the checkpoint is incomplete or of another architecture");
        }
        return tensor;
    }

    /** Puts a tensor in the place of that of this name, which is freed; the new one requires gradients if the old one did. */
    public void replace(String name, Tensor tensor) {
        Tensor old = get(name);
        tensors.put(name, tensor.retainReference());
        tensor.set_requires_grad(old.requires_grad());
        old.close();
    }

    /**
     * Adds tensors, which are taken over.
     *
     * @throws IllegalArgumentException if there is one of such a name
     */
    public void add(Map<String, Tensor> more) {
        more.forEach((name, tensor) -> {
            if (tensors.containsKey(name)) {
                throw new IllegalArgumentException("the model has a tensor '" + name + "' already");
            }
            tensors.put(name, tensor.retainReference());
        });
    }

    /** Makes exactly the parameters that the predicate picks by name require gradients; running statistics never do. */
    public void train(Predicate<String> trained) {
        tensors.forEach((name, tensor) -> tensor.set_requires_grad(isLearnable(name) && trained.test(name)));
    }

    /** Returns the parameters that require gradients, by name, in order. */
    public SequencedMap<String, Tensor> trained() {
        return tensors.entrySet().stream()
                .filter(e -> e.getValue().requires_grad())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
    }

    /** Returns the number of elements of all learnable parameters. */
    public long count() {
        return tensors.entrySet().stream()
                .filter(e -> isLearnable(e.getKey()))
                .mapToLong(e -> e.getValue().numel())
                .sum();
    }

    /** Returns an independent copy, without gradients. */
    public Parameters copy() {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            tensors.forEach((name, tensor) -> copies.put(name, tensor.detach().clone()));
            return new Parameters(copies);
        }
    }

    /** Returns a set of its own over the same values in memory, without gradients; each set says for itself what is trained. */
    public Parameters sharing() {
        Map<String, Tensor> same = new LinkedHashMap<>();
        try (var _ = new TensorScope()) {
            tensors.forEach((name, tensor) -> same.put(name, tensor.detach()));
            return new Parameters(same);
        }
    }

    /** Overwrites every value with that of the same name in another set of the same architecture. */
    public void copyFrom(Parameters other) {
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            tensors.forEach((name, tensor) -> tensor.copy_(other.get(name)));
        }
    }

    /**
     * Returns a copy for inference whose matrices, embeddings and convolutions are bfloat16; normalisation stays float32.
     */
    public Parameters toBfloat16() {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            tensors.forEach((name, tensor) -> copies.put(
                    name,
                    isNormalization(name) || name.equals("logit_scale")
                            ? tensor.detach().clone()
                            : tensor.detach().to(torch.ScalarType.BFloat16)));
            return new Parameters(copies);
        }
    }

    @Override
    public void close() {
        tensors.values().forEach(Tensor::close);
    }

    private static boolean isNormalization(String name) {
        return name.contains("ln_") || name.contains(".bn") || name.contains("downsample.1.");
    }

    private static boolean isLearnable(String name) {
        return !name.endsWith("running_mean") && !name.endsWith("running_var") && !name.endsWith("num_batches_tracked");
    }
}
