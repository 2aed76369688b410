package dev.perennial.clip.tower;

import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.ResNetConfig;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.config.VitConfig;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** Draws the weights of a CLIP that is trained from scratch, as OpenAI's code does. */
public final class Initialization {
    private static final double INITIAL_LOGIT_SCALE = Math.log(1 / 0.07);

    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final RandomStream random;

    private Initialization(RandomStream random) {
        this.random = random;
    }

    /** Returns fresh weights for this architecture. */
    public static Parameters draw(ClipConfig config, RandomStream random) {
        var initialization = new Initialization(random);
        try (var _ = new TensorScope()) {
            switch (config.vision()) {
                case VitConfig vit -> initialization.visionTransformer(vit, config.embedDim());
                case ResNetConfig resNet -> initialization.resNet(resNet, config.embedDim());
            }
            initialization.text(config);
            return new Parameters(initialization.tensors);
        }
    }

    private void visionTransformer(VitConfig vit, int embedDim) {
        long width = vit.transformer().width();
        double scale = Math.pow(width, -0.5);
        int patchElements = 3 * vit.patchSize() * vit.patchSize();
        normal("visual.class_embedding", scale, width);
        normal("visual.positional_embedding", scale, vit.tokens(), width);
        normal("visual.proj", scale, width, embedDim);
        uniform("visual.conv1.weight", Math.pow(patchElements, -0.5), width, 3, vit.patchSize(), vit.patchSize());
        layerNorm("visual.ln_pre", width);
        for (int i = 0; i < vit.transformer().layers(); i++) {
            String block = "visual.transformer.resblocks." + i + ".";
            long mlp = vit.transformer().mlpWidth();
            layerNorm(block + "ln_1", width);
            // Xavier over the packed [3 width, width] matrix, as PyTorch's attention module draws it.
            uniform(block + "attn.in_proj_weight", Math.sqrt(6.0 / (4.0 * width)), 3 * width, width);
            constant(block + "attn.in_proj_bias", 0, 3 * width);
            uniform(block + "attn.out_proj.weight", Math.pow(width, -0.5), width, width);
            constant(block + "attn.out_proj.bias", 0, width);
            layerNorm(block + "ln_2", width);
            uniform(block + "mlp.c_fc.weight", Math.pow(width, -0.5), mlp, width);
            uniform(block + "mlp.c_fc.bias", Math.pow(width, -0.5), mlp);
            uniform(block + "mlp.c_proj.weight", Math.pow(mlp, -0.5), width, mlp);
            uniform(block + "mlp.c_proj.bias", Math.pow(mlp, -0.5), width);
        }
        layerNorm("visual.ln_post", width);
    }

    private void resNet(ResNetConfig config, int embedDim) {
        int width = config.width();
        convolution("visual.conv1", "visual.bn1", width / 2, 3, 3, 1);
        convolution("visual.conv2", "visual.bn2", width / 2, width / 2, 3, 1);
        convolution("visual.conv3", "visual.bn3", width, width / 2, 3, 1);
        int in = width;
        for (int stage = 1; stage <= 4; stage++) {
            int planes = width << (stage - 1);
            for (int i = 0; i < config.layers().get(stage - 1); i++) {
                String block = "visual.layer" + stage + "." + i + ".";
                convolution(block + "conv1", block + "bn1", planes, in, 1, 1);
                convolution(block + "conv2", block + "bn2", planes, planes, 3, 1);
                // A zero gain makes every block start as the identity.
                convolution(block + "conv3", block + "bn3", 4 * planes, planes, 1, 0);
                if (i == 0) {
                    convolution(block + "downsample.0", block + "downsample.1", 4 * planes, in, 1, 1);
                }
                in = 4 * planes;
            }
        }
        int out = config.outputWidth();
        double scale = Math.pow(out, -0.5);
        normal("visual.attnpool.positional_embedding", scale, config.tokens(), out);
        for (String name : new String[] {"q_proj", "k_proj", "v_proj", "c_proj"}) {
            int rows = name.equals("c_proj") ? embedDim : out;
            normal("visual.attnpool." + name + ".weight", scale, rows, out);
            uniform("visual.attnpool." + name + ".bias", scale, rows);
        }
    }

    private void text(ClipConfig config) {
        TransformerConfig transformer = config.text().transformer();
        long width = transformer.width();
        long mlp = transformer.mlpWidth();
        double attention = Math.pow(width, -0.5);
        double residual = attention * Math.pow(2.0 * transformer.layers(), -0.5);
        normal("token_embedding.weight", 0.02, config.text().vocabularySize(), width);
        normal("positional_embedding", 0.01, config.text().contextLength(), width);
        for (int i = 0; i < transformer.layers(); i++) {
            String block = "transformer.resblocks." + i + ".";
            layerNorm(block + "ln_1", width);
            normal(block + "attn.in_proj_weight", attention, 3 * width, width);
            constant(block + "attn.in_proj_bias", 0, 3 * width);
            normal(block + "attn.out_proj.weight", residual, width, width);
            constant(block + "attn.out_proj.bias", 0, width);
            layerNorm(block + "ln_2", width);
            normal(block + "mlp.c_fc.weight", Math.pow(2.0 * width, -0.5), mlp, width);
            uniform(block + "mlp.c_fc.bias", Math.pow(width, -0.5), mlp);
            normal(block + "mlp.c_proj.weight", residual, width, mlp);
            uniform(block + "mlp.c_proj.bias", Math.pow(mlp, -0.5), width);
        }
        layerNorm("ln_final", width);
        normal("text_projection", attention, width, config.embedDim());
        constant("logit_scale", INITIAL_LOGIT_SCALE);
    }

    private void convolution(String name, String norm, int out, int in, int kernel, double gain) {
        uniform(name + ".weight", Math.pow((double) in * kernel * kernel, -0.5), out, in, kernel, kernel);
        constant(norm + ".weight", gain, out);
        constant(norm + ".bias", 0, out);
        constant(norm + ".running_mean", 0, out);
        constant(norm + ".running_var", 1, out);
    }

    private void layerNorm(String name, long width) {
        constant(name + ".weight", 1, width);
        constant(name + ".bias", 0, width);
    }

    private void normal(String name, double deviation, long... shape) {
        float[] values = new float[elements(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        tensors.put(name, Tensors.of(values, shape));
    }

    private void uniform(String name, double bound, long... shape) {
        float[] values = new float[elements(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
        tensors.put(name, Tensors.of(values, shape));
    }

    private void constant(String name, double value, long... shape) {
        float[] values = new float[elements(shape)];
        Arrays.fill(values, (float) value);
        tensors.put(name, Tensors.of(values, shape));
    }

    private static int elements(long... shape) {
        return Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    }
}
