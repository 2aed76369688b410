package dev.perennial.clip.checkpoint;

import dev.perennial.clip.config.Activation;
import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.ResNetConfig;
import dev.perennial.clip.config.TextConfig;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.config.VisionConfig;
import dev.perennial.clip.config.VitConfig;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Reads the architecture off the shapes of canonical tensors; a file's name says nothing.
 *
 * <p>The activation cannot be seen in the weights. Heads cannot either, but all published models have 64 channels in each.
 */
public final class ArchitectureInference {
    private static final int HEAD_WIDTH = 64;
    private static final int MAX_SIZE = 1 << 24;

    private final Map<String, StoredTensor> tensors;

    private ArchitectureInference(Map<String, StoredTensor> tensors) {
        this.tensors = tensors;
    }

    /**
     * Returns the architecture of these tensors, with 64 channels in each attention head.
     *
     * @throws IllegalArgumentException if they are not those of a CLIP model, whole and consistent
     */
    public static ClipConfig infer(Map<String, StoredTensor> canonical, Activation activation) {
        return infer(canonical, activation, CheckpointOptions.NONE);
    }

    /** Does the same, with the heads that the options state. */
    static ClipConfig infer(Map<String, StoredTensor> canonical, Activation activation, CheckpointOptions options) {
        ClipConfig config;
        try {
            config = new ArchitectureInference(canonical).infer(activation, options.visionHeads(), options.textHeads());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("the tensors' sizes are beyond those of any model", e);
        }
        ParameterShapes.requireMatch(canonical, config);
        requireCount(canonical, config);
        return config;
    }

    private static void requireCount(Map<String, StoredTensor> canonical, ClipConfig config) {
        long counted = canonical.values().stream()
                .filter(tensor -> tensor.type().isFloating())
                .filter(tensor ->
                        !tensor.name().contains(".running_") && !tensor.name().equals(NameMapping.LOGIT_BIAS))
                .mapToLong(StoredTensor::elements)
                .sum();
        if (counted != config.parameterCount()) {
            throw new IllegalArgumentException(
                    "the tensors have " + counted + " parameters, their architecture has " + config.parameterCount());
        }
    }

    private ClipConfig infer(Activation activation, OptionalInt visionHeads, OptionalInt textHeads) {
        int embed = size("text_projection", 1);
        VisionConfig vision = tensors.containsKey("visual.proj") ? vit(activation, visionHeads) : resNet(visionHeads);
        int vocabulary = size("token_embedding.weight", 0);
        TransformerConfig text =
                transformer("transformer", size("ln_final.weight", 0), activation, textHeads, "text tower");
        TextConfig textConfig = new TextConfig(size("positional_embedding", 0), vocabulary, vocabulary - 1, text);
        return new ClipConfig(embed, vision, textConfig);
    }

    private VisionConfig vit(Activation activation, OptionalInt heads) {
        int patch = size("visual.conv1.weight", 3);
        int grid = grid("visual.positional_embedding");
        TransformerConfig transformer =
                transformer("visual.transformer", size("visual.conv1.weight", 0), activation, heads, "image tower");
        return new VitConfig(Math.multiplyExact(grid, patch), patch, transformer);
    }

    private VisionConfig resNet(OptionalInt heads) {
        int width = size("visual.layer1.0.conv1.weight", 0);
        List<Integer> layers = IntStream.rangeClosed(1, 4)
                .map(stage -> count("visual.layer" + stage + ".", ".conv1.weight"))
                .boxed()
                .toList();
        int grid = grid("visual.attnpool.positional_embedding");
        return new ResNetConfig(
                Math.multiplyExact(32, grid), layers, width, heads.orElseGet(() -> heads(32 * width, "image tower")));
    }

    private TransformerConfig transformer(
            String name, int width, Activation activation, OptionalInt heads, String tower) {
        int layers = count(name + ".resblocks.", ".attn.in_proj_weight");
        return new TransformerConfig(
                width,
                layers,
                heads.orElseGet(() -> heads(width, tower)),
                size(name + ".resblocks.0.mlp.c_fc.weight", 0),
                activation,
                TransformerConfig.DEFAULT_EPSILON);
    }

    private static int heads(int width, String tower) {
        if (width % HEAD_WIDTH != 0) {
            throw new IllegalArgumentException("the " + tower + " is " + width
                    + " channels wide, not a multiple of 64, so its attention heads cannot be inferred; state them");
        }
        return width / HEAD_WIDTH;
    }

    private int grid(String positions) {
        int rows = size(positions, 0);
        int grid = (int) Math.round(Math.sqrt(rows - 1.0));
        if (rows < 2 || (long) grid * grid != rows - 1) {
            throw new IllegalArgumentException("'" + positions + "' has " + rows + " rows, not a square grid and one");
        }
        return grid;
    }

    private int count(String prefix, String suffix) {
        return (int) tensors.keySet().stream()
                .filter(name -> name.startsWith(prefix) && name.endsWith(suffix))
                .count();
    }

    private int size(String name, int axis) {
        StoredTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("the tensor '" + name + "' is missing; this is not a whole CLIP model");
        }
        if (axis >= tensor.rank() || tensor.dimension(axis) > MAX_SIZE) {
            throw new IllegalArgumentException(tensor + " has no dimension " + axis + " of a usable size");
        }
        return (int) tensor.dimension(axis);
    }
}
