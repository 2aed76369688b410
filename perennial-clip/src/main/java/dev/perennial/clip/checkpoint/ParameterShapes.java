package dev.perennial.clip.checkpoint;

import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.ResNetConfig;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.config.VitConfig;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The canonical names and shapes of all parameters and buffers of an architecture. */
public final class ParameterShapes {
    private static final List<String> BATCH_NORM = List.of("weight", "bias", "running_mean", "running_var");
    private static final String COUNTER = ".num_batches_tracked";
    private static final int LISTED = 5;

    private final Map<String, List<Long>> shapes = new LinkedHashMap<>();

    private ParameterShapes() {}

    /** Returns the shape of every tensor by canonical name; the ResNet's running statistics are included, its counters not. */
    public static Map<String, List<Long>> of(ClipConfig config) {
        ParameterShapes shapes = new ParameterShapes();
        long embed = config.embedDim();
        switch (config.vision()) {
            case VitConfig vit -> shapes.vit(vit, embed);
            case ResNetConfig resNet -> shapes.resNet(resNet, embed);
        }
        TransformerConfig text = config.text().transformer();
        shapes.put("token_embedding.weight", config.text().vocabularySize(), text.width());
        shapes.put("positional_embedding", config.text().contextLength(), text.width());
        shapes.blocks("transformer", text);
        shapes.norm("ln_final", text.width());
        shapes.put("text_projection", text.width(), embed);
        shapes.put("logit_scale");
        return shapes.shapes;
    }

    /**
     * Checks that canonical tensors are exactly those of an architecture; a logit bias and BatchNorm counters may come on top.
     *
     * @throws IllegalArgumentException if one is missing, unknown, of another shape or of an integer type
     */
    static void requireMatch(Map<String, StoredTensor> canonical, ClipConfig config) {
        Map<String, List<Long>> expected = of(config);
        TreeSet<String> missing = new TreeSet<>(expected.keySet());
        missing.removeAll(canonical.keySet());
        TreeSet<String> unknown = new TreeSet<>(canonical.keySet());
        unknown.removeIf(
                name -> expected.containsKey(name) || name.equals(NameMapping.LOGIT_BIAS) || name.endsWith(COUNTER));
        if (!missing.isEmpty() || !unknown.isEmpty()) {
            throw new IllegalArgumentException("the tensors are not those of the architecture"
                    + listed(", missing", missing) + listed(", unknown", unknown));
        }
        expected.forEach((name, shape) -> {
            StoredTensor tensor = canonical.get(name);
            if (tensor != null
                    && !Arrays.stream(tensor.shape()).boxed().toList().equals(shape)) {
                throw new IllegalArgumentException(tensor + " should have shape " + shape + " in this architecture");
            }
            if (tensor != null && !tensor.type().isFloating()) {
                throw new IllegalArgumentException(tensor + " should hold floating-point numbers");
            }
        });
    }

    private static String listed(String what, Set<String> names) {
        if (names.isEmpty()) {
            return "";
        }
        String shown = String.join(", ", names.stream().limit(LISTED).toList());
        return what + " " + names.size() + ": " + shown + (names.size() > LISTED ? ", ..." : "");
    }

    private void vit(VitConfig vit, long embed) {
        long width = vit.transformer().width();
        put("visual.conv1.weight", width, 3, vit.patchSize(), vit.patchSize());
        put("visual.class_embedding", width);
        put("visual.positional_embedding", vit.tokens(), width);
        norm("visual.ln_pre", width);
        blocks("visual.transformer", vit.transformer());
        norm("visual.ln_post", width);
        put("visual.proj", width, embed);
    }

    private void resNet(ResNetConfig resNet, long embed) {
        long width = resNet.width();
        convolution("visual", 1, width / 2, 3, 3);
        convolution("visual", 2, width / 2, width / 2, 3);
        convolution("visual", 3, width, width / 2, 3);
        long in = width;
        for (int stage = 1; stage <= 4; stage++) {
            long planes = width << (stage - 1);
            for (int block = 0; block < resNet.layers().get(stage - 1); block++) {
                String name = "visual.layer" + stage + "." + block;
                convolution(name, 1, planes, in, 1);
                convolution(name, 2, planes, planes, 3);
                convolution(name, 3, 4 * planes, planes, 1);
                if (block == 0) {
                    put(name + ".downsample.0.weight", 4 * planes, in, 1, 1);
                    batchNorm(name + ".downsample.1", 4 * planes);
                }
                in = 4 * planes;
            }
        }
        long out = resNet.outputWidth();
        put("visual.attnpool.positional_embedding", resNet.tokens(), out);
        for (String projection : List.of("q_proj", "k_proj", "v_proj")) {
            linear("visual.attnpool." + projection, out, out);
        }
        linear("visual.attnpool.c_proj", embed, out);
    }

    private void blocks(String name, TransformerConfig transformer) {
        long width = transformer.width();
        for (int i = 0; i < transformer.layers(); i++) {
            String block = name + ".resblocks." + i;
            norm(block + ".ln_1", width);
            put(block + ".attn.in_proj_weight", 3 * width, width);
            put(block + ".attn.in_proj_bias", 3 * width);
            linear(block + ".attn.out_proj", width, width);
            norm(block + ".ln_2", width);
            linear(block + ".mlp.c_fc", transformer.mlpWidth(), width);
            linear(block + ".mlp.c_proj", width, transformer.mlpWidth());
        }
    }

    private void convolution(String name, int index, long out, long in, long kernel) {
        put(name + ".conv" + index + ".weight", out, in, kernel, kernel);
        batchNorm(name + ".bn" + index, out);
    }

    private void batchNorm(String name, long width) {
        BATCH_NORM.forEach(part -> put(name + "." + part, width));
    }

    private void norm(String name, long width) {
        put(name + ".weight", width);
        put(name + ".bias", width);
    }

    private void linear(String name, long out, long in) {
        put(name + ".weight", out, in);
        put(name + ".bias", out);
    }

    private void put(String name, long... shape) {
        shapes.put(name, Arrays.stream(shape).boxed().toList());
    }
}
