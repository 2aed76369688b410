package dev.perennial.clip.tower;

import dev.perennial.clip.config.ResNetConfig;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * CLIP's modified ResNet (Radford et al. 2021, section 2.4): a stem of three convolutions, average pooling in place of strides,
 * and attention pooling at the end. BatchNorm uses its running statistics always, as all continual methods keep them.
 */
public final class ModifiedResNet implements ImageTower {
    private final ResNetConfig config;
    private final Parameters parameters;

    ModifiedResNet(ResNetConfig config, Parameters parameters) {
        this.config = config;
        this.parameters = parameters;
    }

    @Override
    public TowerSites emptySites() {
        return TowerSites.ofLayers(0);
    }

    @Override
    public Tensor forward(Tensor pixels, TowerSites sites) {
        if (sites.hasTokens()) {
            throw new IllegalArgumentException(
                    "a modified ResNet has no tokens to add to; use a model with a vision transformer");
        }
        return TensorScope.compute(() -> {
            Tensor x = stem(pixels);
            for (int stage = 1; stage <= 4; stage++) {
                x = stage(x, stage);
            }
            return attentionPool(x);
        });
    }

    /** Returns the feature map after the stem, a quarter of the image's side, {@code [batch, width, h, w]}. */
    Tensor stem(Tensor pixels) {
        return TensorScope.compute(() -> {
            Tensor input = pixels.to(parameters.get("visual.conv1.weight").scalar_type());
            Tensor x = convolve(input, "visual.conv1", "visual.bn1", 2, 1).relu();
            x = convolve(x, "visual.conv2", "visual.bn2", 1, 1).relu();
            x = convolve(x, "visual.conv3", "visual.bn3", 1, 1).relu();
            return torch.avg_pool2d(x, 2, 2);
        });
    }

    /** Runs stage 1 to 4 over a feature map {@code [batch, channels, h, w]}. */
    Tensor stage(Tensor input, int stage) {
        return TensorScope.compute(() -> {
            Tensor x = input;
            for (int block = 0; block < config.layers().get(stage - 1); block++) {
                x = bottleneck(x, "visual.layer" + stage + "." + block + ".", stage > 1 && block == 0);
            }
            return x;
        });
    }

    private Tensor bottleneck(Tensor input, String prefix, boolean halve) {
        return TensorScope.compute(() -> {
            Tensor x = convolve(input, prefix + "conv1", prefix + "bn1", 1, 0).relu();
            x = convolve(x, prefix + "conv2", prefix + "bn2", 1, 1).relu();
            x = halve ? torch.avg_pool2d(x, 2, 2) : x;
            x = convolve(x, prefix + "conv3", prefix + "bn3", 1, 0);
            Tensor shortcut = input;
            if (parameters.has(prefix + "downsample.0.weight")) {
                shortcut = halve ? torch.avg_pool2d(input, 2, 2) : input;
                shortcut = convolve(shortcut, prefix + "downsample.0", prefix + "downsample.1", 1, 0);
            }
            return x.add(shortcut).relu();
        });
    }

    private Tensor convolve(Tensor x, String convolution, String norm, long stride, long padding) {
        return TensorScope.compute(() -> {
            Tensor y = torch.conv2d(
                    x,
                    parameters.get(convolution + ".weight"),
                    Tensors.none(),
                    new long[] {stride, stride},
                    new long[] {padding, padding},
                    new long[] {1, 1},
                    1);
            return torch.batch_norm(
                    y,
                    Tensors.some(parameters.get(norm + ".weight")),
                    Tensors.some(parameters.get(norm + ".bias")),
                    Tensors.some(parameters.get(norm + ".running_mean")),
                    Tensors.some(parameters.get(norm + ".running_var")),
                    false,
                    0.1,
                    ResNetConfig.BATCH_NORM_EPSILON,
                    false);
        });
    }

    /** One attention layer whose only query is the mean of all cells. */
    private Tensor attentionPool(Tensor map) {
        return TensorScope.compute(() -> {
            Tensor cells = map.flatten(2, 3).transpose(1, 2);
            Tensor mean = cells.mean(new long[] {1}, true, new org.bytedeco.pytorch.ScalarTypeOptional());
            Tensor tokens = Tensors.concat(1, mean, cells)
                    .add(parameters.get("visual.attnpool.positional_embedding").to(cells.scalar_type()));
            Tensor pooled = torch.scaled_dot_product_attention(
                    heads(linear(tokens.narrow(1, 0, 1), "q_proj")),
                    heads(linear(tokens, "k_proj")),
                    heads(linear(tokens, "v_proj")));
            return linear(pooled.transpose(1, 2).reshape(map.size(0), config.outputWidth()), "c_proj");
        });
    }

    private Tensor heads(Tensor x) {
        long headWidth = config.outputWidth() / config.heads();
        return x.reshape(x.size(0), x.size(1), config.heads(), headWidth).transpose(1, 2);
    }

    private Tensor linear(Tensor x, String name) {
        String prefix = "visual.attnpool." + name;
        return torch.linear(x, parameters.get(prefix + ".weight"), Tensors.some(parameters.get(prefix + ".bias")));
    }
}
