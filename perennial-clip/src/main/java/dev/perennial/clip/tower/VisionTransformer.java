package dev.perennial.clip.tower;

import dev.perennial.clip.config.VitConfig;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** CLIP's vision transformer: patches and a class token through pre-norm blocks (Radford et al. 2021, section 2.4). */
public final class VisionTransformer implements ImageTower {
    private final VitConfig config;
    private final Parameters parameters;
    private final Transformer transformer;
    private final TowerSites plain;

    VisionTransformer(VitConfig config, Parameters parameters) {
        this.config = config;
        this.parameters = parameters;
        this.transformer = new Transformer(config.transformer(), parameters, "visual.transformer.");
        this.plain = emptySites();
    }

    @Override
    public TowerSites emptySites() {
        return TowerSites.ofLayers(config.transformer().layers());
    }

    @Override
    public Tensor forward(Tensor pixels, TowerSites sites) {
        return TensorScope.compute(() -> {
            Optional<TokenSite> site = sites.tokens();
            Tensor embedded = embed(pixels);
            Tensor entering = site.map(s -> s.extend(embedded)).orElse(embedded);
            TensorOptional mask = site.flatMap(s -> s.mask(entering.size(1)))
                    .map(Tensors::some)
                    .orElseGet(Tensors::none);
            Tensor normalized = layerNorm(entering, "visual.ln_pre");
            if (sites.readers().isEmpty()) {
                return projected(pooled(transformer.forward(normalized, mask, false, sites), site));
            }
            Streams left =
                    withReaders(normalized, mask, Readers.of(sites.readers().get()), sites);
            // The tower's own rows are projected by themselves: among others the last bits of a product may differ.
            Tensor own = projected(pooled(left.tokens(), site));
            Tensor readers = Tensors.concat(1, left.readers().toArray(Tensor[]::new));
            return Tensors.concat(1, own.dim() == 2 ? own.unsqueeze(1) : own, projected(readers));
        });
    }

    /**
     * Runs the entrance and the first blocks of the tower with nothing attached.
     *
     * @param pixels normalised pixels, {@code [batch, 3, size, size]}
     * @param blocks how many; 0 for the entrance alone
     * @return the tokens after them, the class token first, {@code [batch, tokens, width]}
     */
    public Tensor beginning(Tensor pixels, int blocks) {
        return TensorScope.compute(() -> transformer.forward(
                layerNorm(embed(pixels), "visual.ln_pre"), Tensors.none(), false, plain, 0, blocks));
    }

    /**
     * Goes on from {@link #beginning}: both together are {@link #forward} with nothing attached, bit for bit.
     *
     * @param tokens after the first {@code blocks} blocks, {@code [batch, tokens, width]}
     * @return features before normalisation, {@code [batch, embedDim]}
     */
    public Tensor rest(Tensor tokens, int blocks) {
        int layers = config.transformer().layers();
        return TensorScope.compute(() -> projected(transformer
                .forward(tokens, Tensors.none(), false, plain, blocks, layers)
                .select(1, 0)));
    }

    private Streams withReaders(Tensor tokens, TensorOptional mask, List<Readers> readers, TowerSites sites) {
        List<Tensor> entering = new ArrayList<>();
        List<TensorOptional> masks = new ArrayList<>();
        long seen = tokens.size(1);
        for (Readers together : readers) {
            Tensor each = layerNorm(together.entering(), "visual.ln_pre").to(tokens.scalar_type());
            entering.add(each.unsqueeze(0).expand(tokens.size(0), -1, -1));
            masks.add(together.maskAmong(seen));
            seen += together.entering().size(0);
        }
        return transformer.forward(new Streams(tokens, entering), mask, masks, sites);
    }

    private static Tensor pooled(Tensor tokens, Optional<TokenSite> site) {
        return site.map(s -> s.pooled(tokens)).orElseGet(() -> tokens.select(1, 0));
    }

    private Tensor projected(Tensor pooled) {
        return TensorScope.compute(() -> layerNorm(pooled, "visual.ln_post").matmul(parameters.get("visual.proj")));
    }

    /** Returns patch embeddings after the class token with positions added, {@code [batch, tokens, width]}. */
    private Tensor embed(Tensor pixels) {
        return TensorScope.compute(() -> {
            long batch = pixels.size(0);
            long width = config.transformer().width();
            long patch = config.patchSize();
            Tensor kernel = parameters.get("visual.conv1.weight");
            Tensor patches = torch.conv2d(
                            pixels.to(kernel.scalar_type()),
                            kernel,
                            Tensors.none(),
                            new long[] {patch, patch},
                            new long[] {0, 0},
                            new long[] {1, 1},
                            1)
                    .flatten(2, 3)
                    .transpose(1, 2);
            Tensor classToken = parameters
                    .get("visual.class_embedding")
                    .to(patches.scalar_type())
                    .expand(batch, 1, width);
            return Tensors.concat(1, classToken, patches)
                    .add(parameters.get("visual.positional_embedding").to(patches.scalar_type()));
        });
    }

    private Tensor layerNorm(Tensor x, String name) {
        return LayerNorm.apply(x, parameters, name, config.transformer().layerNormEpsilon());
    }
}
