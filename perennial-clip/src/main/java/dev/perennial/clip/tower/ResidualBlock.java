package dev.perennial.clip.tower;

import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
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
            return rest(x, normalized, attention(normalized, mask, causal, sites), sites);
        });
    }

    /**
     * Runs the block over tokens that see one another, and over readers that see them.
     *
     * @param mask additive over {@code [tokens, tokens]}, absent for none
     * @param readerMasks of each of the readers, additive over {@code [readers, all that they see]}: themselves, those before them
     *     from the last to the first, and the tokens; absent for none
     */
    Streams forward(Streams input, TensorOptional mask, List<TensorOptional> readerMasks, BlockSites sites) {
        try (var scope = new TensorScope()) {
            Tensor x = sites.enter(input.tokens());
            Tensor normalized = layerNorm(x, "ln_1");
            Heads seen = heads(normalized, sites);
            Tensor tokens = scope.keep(rest(x, normalized, joined(seen, mask, false, sites), sites));
            List<Tensor> readers = new ArrayList<>();
            for (Tensor reader : input.readers()) {
                Tensor normalizedReader = layerNorm(reader, "ln_1");
                seen = heads(normalizedReader, sites).before(seen);
                Tensor read = joined(seen, readerMasks.get(readers.size()), false, sites);
                readers.add(scope.keep(rest(reader, normalizedReader, read, sites)));
            }
            return new Streams(tokens, readers);
        }
    }

    /** What follows the attention. */
    private Tensor rest(Tensor x, Tensor normalized, Tensor attention, BlockSites sites) {
        return TensorScope.compute(() -> {
            Tensor y = x.add(sites.branch(Branch.Beside.ATTENTION, x, normalized, attention));
            Tensor normalizedAgain = layerNorm(y, "ln_2");
            return y.add(sites.branch(Branch.Beside.MLP, y, normalizedAgain, mlp(normalizedAgain, sites)));
        });
    }

    /** Queries, keys and values, {@code [batch, heads, tokens, headWidth]}. */
    private record Heads(Tensor query, Tensor key, Tensor value) {
        /** Returns the same queries, which see these tokens and then others. */
        Heads before(Heads others) {
            return new Heads(query, Tensors.concat(2, key, others.key()), Tensors.concat(2, value, others.value()));
        }
    }

    private Heads heads(Tensor x, BlockSites sites) {
        long width = config.width();
        Tensor packed = linear(x, "attn.in_proj_weight", "attn.in_proj_bias");
        return new Heads(
                split(sites.project(Projection.QUERY, x, packed.narrow(2, 0, width))),
                split(sites.project(Projection.KEY, x, packed.narrow(2, width, width))),
                split(sites.project(Projection.VALUE, x, packed.narrow(2, 2 * width, width))));
    }

    private Tensor split(Tensor x) {
        long headWidth = config.width() / config.heads();
        return x.reshape(x.size(0), x.size(1), config.heads(), headWidth).transpose(1, 2);
    }

    private Tensor attention(Tensor x, TensorOptional mask, boolean causal, BlockSites sites) {
        return TensorScope.compute(() -> joined(heads(x, sites), mask, causal, sites));
    }

    private Tensor joined(Heads heads, TensorOptional mask, boolean causal, BlockSites sites) {
        return TensorScope.compute(() -> {
            Tensor attended = Attention.apply(heads.query(), heads.key(), heads.value(), mask, causal);
            Tensor joined = attended.transpose(1, 2).reshape(attended.size(0), attended.size(2), config.width());
            return sites.project(Projection.OUT, joined, linear(joined, "attn.out_proj.weight", "attn.out_proj.bias"));
        });
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
