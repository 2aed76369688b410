package dev.perennial.clip.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Converts weights between OpenAI's names, which are the canonical ones, and those of the other layouts. */
public final class NameMapping {
    static final String LOGIT_BIAS = "logit_bias";
    private static final String TEXT_PREFIX = "text.";
    private static final Set<String> TEXT_GROUPS =
            Set.of("token_embedding", "positional_embedding", "transformer", "ln_final", "text_projection");
    private static final Set<String> BUFFERS = Set.of("attn_mask", "text.attn_mask");
    private static final Set<String> POSITION_IDS =
            Set.of("text_model.embeddings.position_ids", "vision_model.embeddings.position_ids");
    private static final Set<String> SCALARS = Set.of("logit_scale", LOGIT_BIAS);
    private static final Set<String> TRANSPOSED = Set.of("visual.proj", "text_projection");

    /** Canonical names and Hugging Face's, outside the residual blocks. */
    private static final Map<String, String> OUTSIDE = Map.ofEntries(
            Map.entry("visual.conv1.weight", "vision_model.embeddings.patch_embedding.weight"),
            Map.entry("visual.class_embedding", "vision_model.embeddings.class_embedding"),
            Map.entry("visual.positional_embedding", "vision_model.embeddings.position_embedding.weight"),
            Map.entry("visual.ln_pre.weight", "vision_model.pre_layrnorm.weight"),
            Map.entry("visual.ln_pre.bias", "vision_model.pre_layrnorm.bias"),
            Map.entry("visual.ln_post.weight", "vision_model.post_layernorm.weight"),
            Map.entry("visual.ln_post.bias", "vision_model.post_layernorm.bias"),
            Map.entry("visual.proj", "visual_projection.weight"),
            Map.entry("token_embedding.weight", "text_model.embeddings.token_embedding.weight"),
            Map.entry("positional_embedding", "text_model.embeddings.position_embedding.weight"),
            Map.entry("ln_final.weight", "text_model.final_layer_norm.weight"),
            Map.entry("ln_final.bias", "text_model.final_layer_norm.bias"),
            Map.entry("text_projection", "text_projection.weight"),
            Map.entry("logit_scale", "logit_scale"));

    /** The same inside a block, for everything but the packed projection. */
    private static final Map<String, String> INSIDE = Map.of(
            "ln_1", "layer_norm1",
            "ln_2", "layer_norm2",
            "attn.out_proj", "self_attn.out_proj",
            "mlp.c_fc", "mlp.fc1",
            "mlp.c_proj", "mlp.fc2");

    private static final Pattern BLOCK =
            Pattern.compile("(visual\\.)?transformer\\.resblocks\\.(\\d+)\\.(.+?)[._](weight|bias)");
    private static final Pattern LAYER =
            Pattern.compile("(vision|text)_model\\.encoder\\.layers\\.(\\d+)\\.(.+)\\.(weight|bias)");
    private static final String PACKED = "attn.in_proj";
    private static final List<String> SPLIT = List.of("q_proj", "k_proj", "v_proj");

    private NameMapping() {}

    /**
     * Returns the weights under their canonical names; buffers without weights ({@code attn_mask}, {@code position_ids}) are dropped.
     *
     * <p>Names that no layout knows are kept, for the caller to refuse.
     *
     * @throws IllegalArgumentException if two names fall together, or a part of a split projection is missing
     */
    public static Map<String, StoredTensor> toCanonical(Map<String, StoredTensor> tensors, Layout layout) {
        Map<String, StoredTensor> canonical = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            if (!BUFFERS.contains(name) && !POSITION_IDS.contains(name)) {
                Optional<StoredTensor> converted = switch (layout) {
                    case OPENAI -> Optional.of(tensor.named(withoutTextPrefix(name)));
                    case HUGGING_FACE -> fromHuggingFace(name, tensor, tensors);
                };
                converted.map(NameMapping::scalar).ifPresent(result -> {
                    if (canonical.put(result.name(), result) != null) {
                        throw new IllegalArgumentException("two tensors mean '" + result.name() + "'");
                    }
                });
            }
        });
        return canonical;
    }

    /**
     * Returns canonical weights under the names and in the shapes of Hugging Face's {@code CLIPModel}.
     *
     * @throws IllegalArgumentException if that layout cannot hold them, as those of a ResNet or a logit bias
     */
    public static Map<String, StoredTensor> toHuggingFace(Map<String, StoredTensor> canonical) {
        if (canonical.keySet().stream().anyMatch(name -> name.startsWith("visual.layer1."))) {
            throw new IllegalArgumentException(
                    "the Hugging Face layout has no ResNet image tower; keep this model in OpenAI's names (safetensors)");
        }
        Map<String, StoredTensor> converted = new LinkedHashMap<>();
        canonical.forEach((name, tensor) -> {
            Matcher block = BLOCK.matcher(name);
            if (OUTSIDE.containsKey(name)) {
                StoredTensor value = TRANSPOSED.contains(name) ? tensor.transposed() : tensor;
                put(converted, OUTSIDE.get(name), value);
            } else if (block.matches() && block.group(3).equals(PACKED)) {
                long third = tensor.dimension(0) / 3;
                for (int part = 0; part < 3; part++) {
                    String inside = "self_attn." + SPLIT.get(part);
                    put(converted, layerName(block, inside), tensor.rows(part * third, (part + 1) * third));
                }
            } else if (block.matches() && INSIDE.containsKey(block.group(3))) {
                put(converted, layerName(block, INSIDE.get(block.group(3))), tensor);
            } else {
                throw new IllegalArgumentException("the Hugging Face layout has no place for '" + name + "'");
            }
        });
        return converted;
    }

    private static void put(Map<String, StoredTensor> target, String name, StoredTensor tensor) {
        target.put(name, tensor.named(name));
    }

    private static String layerName(Matcher block, String inside) {
        String tower = block.group(1) == null ? "text" : "vision";
        return tower + "_model.encoder.layers." + block.group(2) + "." + inside + "." + block.group(4);
    }

    private static String withoutTextPrefix(String name) {
        if (name.startsWith(TEXT_PREFIX)) {
            String rest = name.substring(TEXT_PREFIX.length());
            if (TEXT_GROUPS.contains(rest.split("\\.", 2)[0])) {
                return rest;
            }
        }
        return name;
    }

    /** Returns a scale or bias of shape {@code [1]}, as some versions store it, as the scalar it is. */
    private static StoredTensor scalar(StoredTensor tensor) {
        return SCALARS.contains(tensor.name()) && tensor.elements() == 1 ? tensor.reshaped() : tensor;
    }

    /** Returns the canonical tensor; nothing for the key and value parts, which come with the query part. */
    private static Optional<StoredTensor> fromHuggingFace(
            String name, StoredTensor tensor, Map<String, StoredTensor> all) {
        for (var entry : OUTSIDE.entrySet()) {
            if (entry.getValue().equals(name)) {
                boolean transpose = TRANSPOSED.contains(entry.getKey());
                return Optional.of((transpose ? tensor.transposed() : tensor).named(entry.getKey()));
            }
        }
        Matcher layer = LAYER.matcher(name);
        if (!layer.matches()) {
            return Optional.of(tensor);
        }
        String block =
                (layer.group(1).equals("vision") ? "visual." : "") + "transformer.resblocks." + layer.group(2) + ".";
        String inside = layer.group(3);
        if (inside.equals("self_attn.q_proj")) {
            List<StoredTensor> parts = SPLIT.stream()
                    .map(part -> required(all, name.replace("q_proj", part)))
                    .toList();
            return Optional.of(StoredTensor.concatenated(block + PACKED + "_" + layer.group(4), parts));
        }
        if (inside.equals("self_attn.k_proj") || inside.equals("self_attn.v_proj")) {
            required(all, name.replace(inside, "self_attn.q_proj"));
            return Optional.empty();
        }
        for (var entry : INSIDE.entrySet()) {
            if (entry.getValue().equals(inside)) {
                return Optional.of(tensor.named(block + entry.getKey() + "." + layer.group(4)));
            }
        }
        return Optional.of(tensor);
    }

    private static StoredTensor required(Map<String, StoredTensor> all, String name) {
        StoredTensor tensor = all.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("the tensor '" + name + "' is missing");
        }
        return tensor;
    }
}
