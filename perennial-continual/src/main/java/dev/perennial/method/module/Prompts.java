package dev.perennial.method.module;

import dev.perennial.clip.Clip;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.tower.Extension;
import dev.perennial.clip.tower.Parameters;
import dev.perennial.clip.tower.TokenSite;
import dev.perennial.clip.tower.TowerSites;
import dev.perennial.method.Tower;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** Learned tokens: {@code modules.image.0.prompts} are those that enter the first block, {@code [count, width]}. */
final class Prompts implements Extension {
    private final PromptOptions options;

    Prompts(PromptOptions options) {
        this.options = options;
    }

    private static String name(Tower tower, int layer) {
        return ModuleOptions.PREFIX + tower.label() + "." + layer + ".prompts";
    }

    void addTo(Clip clip, RandomStream random) {
        var start = new Drawn(random);
        int depth = options.depth().orElse(1);
        for (Tower tower : options.towers()) {
            TransformerConfig config = Towers.config(clip, tower);
            if (depth > config.layers()) {
                throw new IllegalArgumentException("modules.prompts.depth is " + depth + ", but the " + tower.label()
                        + " tower has " + config.layers() + " blocks");
            }
            for (int layer = 0; layer < depth; layer++) {
                start.normal(name(tower, layer), options.deviation().orElse(0.02), options.count(), config.width());
            }
        }
        start.extend(clip, this);
    }

    @Override
    public void attach(Parameters parameters, TowerSites imageSites, TowerSites textSites) {
        for (Tower tower : options.towers()) {
            TowerSites sites = tower == Tower.IMAGE ? imageSites : textSites;
            sites.tokens(new Entering(parameters, name(tower, 0)));
            for (int layer = 1; layer < options.depth().orElse(1); layer++) {
                String name = name(tower, layer);
                sites.block(layer).before(tokens -> withPrompts(tokens, parameters.get(name), options.count()));
            }
        }
    }

    /** Puts prompts after the first token, in place of the tokens that stand there. */
    private static Tensor withPrompts(Tensor tokens, Tensor prompts, int replaced) {
        return TensorScope.compute(() -> {
            Tensor rows = prompts.to(tokens.scalar_type()).unsqueeze(0).expand(tokens.size(0), -1, -1);
            long rest = 1L + replaced;
            return Tensors.concat(1, tokens.narrow(1, 0, 1), rows, tokens.narrow(1, rest, tokens.size(1) - rest));
        });
    }

    /** Shallow prompts; image and text alike are pooled where they would be without. */
    private record Entering(Parameters parameters, String name) implements TokenSite {
        @Override
        public Tensor extend(Tensor tokens) {
            return withPrompts(tokens, parameters.get(name), 0);
        }

        @Override
        public Optional<Tensor> mask(long tokens) {
            return Optional.empty();
        }

        @Override
        public Tensor pooled(Tensor tokens) {
            return tokens.select(1, 0);
        }
    }
}
