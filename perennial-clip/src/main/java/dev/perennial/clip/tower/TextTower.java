package dev.perennial.clip.tower;

import dev.perennial.clip.config.TextConfig;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** CLIP's causal text transformer, pooled at the EOT token (Radford et al. 2021, section 2.4). */
public final class TextTower {
    private final TextConfig config;
    private final Parameters parameters;
    private final Transformer transformer;

    /** Creates the tower over these parameters. */
    public TextTower(TextConfig config, Parameters parameters) {
        this.config = config;
        this.parameters = parameters;
        this.transformer = new Transformer(config.transformer(), parameters, "transformer.");
    }

    /** Returns the sites of this tower, all empty. */
    public TowerSites emptySites() {
        return TowerSites.ofLayers(config.transformer().layers());
    }

    /**
     * Encodes texts.
     *
     * @param texts token ids; at most the context length
     * @param sites what a method has attached: extra tokens must enter before the EOT token, are seen by what follows them, and are not
     *     pooled; readers are refused
     * @return features before normalisation, {@code [batch, embedDim]}
     */
    public Tensor forward(TokenBatch texts, TowerSites sites) {
        if (texts.length() > config.contextLength()) {
            throw new IllegalArgumentException("a text of " + texts.length() + " tokens exceeds the context length of "
                    + config.contextLength() + "; truncate it");
        }
        if (sites.readers().isPresent()) {
            throw new IllegalArgumentException("the text tower has no readers");
        }
        return TensorScope.compute(() -> {
            Tensor ids = Tensors.of(texts.ids(), texts.size(), texts.length());
            Tensor positions = parameters.get("positional_embedding").narrow(0, 0, texts.length());
            Tensor embedded = torch.embedding(parameters.get("token_embedding.weight"), ids)
                    .add(positions);
            Tensor entering = sites.tokens().map(site -> site.extend(embedded)).orElse(embedded);
            Tensor x = transformer.forward(entering, Tensors.none(), true, sites);
            // Only the pooled rows go through the last norm; it works row by row.
            Tensor flatEnds = Tensors.of(texts.flatEnds(entering.size(1) - texts.length()), texts.size());
            Tensor pooled = x.flatten(0, 1).index_select(0, flatEnds);
            Tensor normalized = LayerNorm.apply(
                    pooled, parameters, "ln_final", config.transformer().layerNormEpsilon());
            return normalized.matmul(parameters.get("text_projection"));
        });
    }
}
