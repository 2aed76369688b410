package dev.perennial.clip.golden;

import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.config.Activation;
import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.ResNetConfig;
import dev.perennial.clip.config.TextConfig;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.config.VisionConfig;
import dev.perennial.clip.config.VitConfig;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.tower.Parameters;
import dev.perennial.clip.tower.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.databind.JsonNode;

/** Builds the small models of the golden cases from their configuration and {@code param.*} tensors. */
public final class GoldenClip {
    private GoldenClip() {}

    /** Returns the architecture that a case's configuration states. */
    public static ClipConfig config(JsonNode config) {
        Activation activation = Activation.of(config.path("activation").asString("quick_gelu"));
        double epsilon = config.path("ln_eps").asDouble(TransformerConfig.DEFAULT_EPSILON);
        int textWidth = integer(config, "transformer_width");
        int vocabulary = integer(config, "vocab_size");
        return new ClipConfig(
                integer(config, "embed_dim"),
                vision(config, activation, epsilon),
                new TextConfig(
                        integer(config, "context_length"),
                        vocabulary,
                        vocabulary - 1,
                        new TransformerConfig(
                                textWidth,
                                integer(config, "transformer_layers"),
                                integer(config, "transformer_heads"),
                                4 * textWidth,
                                activation,
                                epsilon)));
    }

    /** Returns the tensors {@code <prefix><name>} of a case as parameters of a model. */
    public static Parameters parameters(GoldenCase golden, String prefix) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String name : golden.names(prefix)) {
            if (!name.endsWith("num_batches_tracked")) {
                tensors.put(name.substring(prefix.length()), tensor(golden.tensor(name)));
            }
        }
        return new Parameters(tensors);
    }

    /** Returns a float tensor of the case in the engine. */
    public static Tensor tensor(StoredTensor stored) {
        return Tensors.of(stored.toFloats(), stored.shape());
    }

    /** Returns token ids {@code [batch, context]} as a batch pooled at the first largest id, as the official code does. */
    public static TokenBatch tokens(StoredTensor ids) {
        return TokenBatch.endingAtMaximum(rows(ids));
    }

    /** Returns the rows of an integer matrix. */
    public static List<int[]> rows(StoredTensor ids) {
        int length = Math.toIntExact(ids.dimension(1));
        int[] flat = Arrays.stream(ids.toLongs()).mapToInt(Math::toIntExact).toArray();
        List<int[]> rows = new ArrayList<>();
        for (int at = 0; at < flat.length; at += length) {
            rows.add(Arrays.copyOfRange(flat, at, at + length));
        }
        return rows;
    }

    private static VisionConfig vision(JsonNode config, Activation activation, double epsilon) {
        int size = integer(config, "image_resolution");
        int width = integer(config, "vision_width");
        JsonNode layers = config.required("vision_layers");
        if (layers.isArray()) {
            return new ResNetConfig(
                    size, layers.valueStream().map(JsonNode::asInt).toList(), width, integer(config, "attnpool_heads"));
        }
        return new VitConfig(
                size,
                integer(config, "vision_patch_size"),
                new TransformerConfig(
                        width, layers.asInt(), integer(config, "vision_heads"), 4 * width, activation, epsilon));
    }

    private static int integer(JsonNode config, String key) {
        return config.required(key).asInt();
    }
}
