package dev.perennial.clip.tower;

import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** A pre-norm residual block: {@code x + attention(ln_1(x))}, then {@code x + mlp(ln_2(x))}. */
final class ResidualBlock {
    private final TransformerConfig config;
    private final Parameters parameters;
    private final String prefix;

    ResidualBlock(TransformerConfig config, Parameters parameters, String prefix) {
        this.config = config;
        this.parameters = parameters;
        this.prefix = prefix;
    }

    /**
     * Runs the block.
     *
     * @param input {@code [batch, tokens, width]}
     * @param mask additive over {@code [tokens, tokens]}, absent for none
     * @param causal whether a token sees only itself and earlier ones
     */
    Tensor forward(Tensor input, TensorOptional mask, boolean causal, BlockSites sites) {
        return TensorScope.compute(() -> {
            Tensor x = sites.enter(input);
            Tensor normalized = layerNorm(x, "ln_1");
            Tensor attended =
                    sites.branch(Branch.Beside.ATTENTION, x, normalized, attention(normalized, mask, causal, sites));
            Tensor y = x.add(attended);
            Tensor normalizedAgain = layerNorm(y, "ln_2");
            Tensor hidden = sites.branch(Branch.Beside.MLP, y, normalizedAgain, mlp(normalizedAgain, sites));
            return y.add(hidden);
        });
    }

    private Tensor attention(Tensor x, TensorOptional mask, boolean causal, BlockSites sites) {
        return TensorScope.compute(() -> {
            long batch = x.size(0);
            long tokens = x.size(1);
            long width = config.width();
            Tensor packed = linear(x, "attn.in_proj_weight", "attn.in_proj_bias");
            Tensor query = sites.project(Projection.QUERY, x, packed.narrow(2, 0, width));
            Tensor key = sites.project(Projection.KEY, x, packed.narrow(2, width, width));
            Tensor value = sites.project(Projection.VALUE, x, packed.narrow(2, 2 * width, width));
            Tensor heads = Attention.apply(
                    heads(query, batch, tokens), heads(key, batch, tokens), heads(value, batch, tokens), mask, causal);
            Tensor joined = heads.transpose(1, 2).reshape(batch, tokens, width);
            return sites.project(Projection.OUT, joined, linear(joined, "attn.out_proj.weight", "attn.out_proj.bias"));
        });
    }

    private Tensor heads(Tensor x, long batch, long tokens) {
        long headWidth = config.width() / config.heads();
        return x.reshape(batch, tokens, config.heads(), headWidth).transpose(1, 2);
    }

    private Tensor mlp(Tensor x, BlockSites sites) {
        return TensorScope.compute(() -> {
            Tensor hidden = sites.project(Projection.MLP_HIDDEN, x, linear(x, "mlp.c_fc.weight", "mlp.c_fc.bias"));
            Tensor active = Activations.apply(config.activation(), hidden);
            return sites.project(Projection.MLP_OUT, active, linear(active, "mlp.c_proj.weight", "mlp.c_proj.bias"));
        });
    }

    private Tensor linear(Tensor x, String weight, String bias) {
        return torch.linear(x, parameters.get(prefix + weight), Tensors.some(parameters.get(prefix + bias)));
    }

    private Tensor layerNorm(Tensor x, String name) {
        return LayerNorm.apply(x, parameters, prefix + name, config.layerNormEpsilon());
    }
}
