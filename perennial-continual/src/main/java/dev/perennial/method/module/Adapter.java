package dev.perennial.method.module;

import dev.perennial.clip.Clip;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.tower.Extension;
import dev.perennial.clip.tower.Parameters;
import dev.perennial.clip.tower.TowerSites;
import dev.perennial.method.Tower;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Bottleneck adapters: {@code modules.text.0.adapter.mlp.down.weight} is D {@code [bottleneck, width]}, {@code .up.weight} is U {@code
 * [width, bottleneck]}; one that both sub-blocks share is called {@code both}. They add nothing until U and c have moved from 0.
 */
final class Adapter implements Extension {
    private final AdapterOptions options;

    Adapter(AdapterOptions options) {
        this.options = options;
    }

    private String prefix(Tower tower, int layer, AdapterOptions.Place place) {
        String name = options.shared().orElse(false) ? "both" : place.name().toLowerCase(Locale.ROOT);
        return ModuleOptions.PREFIX + tower.label() + "." + layer + ".adapter." + name + ".";
    }

    void addTo(Clip clip, RandomStream random) {
        var start = new Drawn(random);
        for (Tower tower : options.towers()) {
            TransformerConfig config = Towers.config(clip, tower);
            for (int layer = 0; layer < config.layers(); layer++) {
                Set<String> prefixes = new TreeSet<>();
                for (AdapterOptions.Place place : options.on()) {
                    prefixes.add(prefix(tower, layer, place));
                }
                prefixes.forEach(prefix -> draw(start, prefix, config.width()));
            }
        }
        start.extend(clip, this);
    }

    private void draw(Drawn start, String prefix, int width) {
        int hidden = options.bottleneck();
        start.uniform(prefix + "down.weight", 1 / Math.sqrt(width), hidden, width);
        start.zeros(prefix + "down.bias", hidden);
        start.zeros(prefix + "up.weight", width, hidden);
        start.zeros(prefix + "up.bias", width);
    }

    @Override
    public void attach(Parameters parameters, TowerSites imageSites, TowerSites textSites) {
        for (Tower tower : options.towers()) {
            TowerSites sites = tower == Tower.IMAGE ? imageSites : textSites;
            for (int layer = 0; layer < sites.layers(); layer++) {
                for (AdapterOptions.Place place : options.on()) {
                    String prefix = prefix(tower, layer, place);
                    switch (options.form().orElse(AdapterOptions.Form.SEQUENTIAL)) {
                        case SEQUENTIAL ->
                            sites.block(layer).after(place.beside(), output -> term(parameters, prefix, output));
                        case PARALLEL ->
                            sites.block(layer)
                                    .add(place.beside(), (_, normalized) -> term(parameters, prefix, normalized));
                    }
                }
            }
        }
    }

    private Tensor term(Parameters parameters, String prefix, Tensor input) {
        return TensorScope.compute(() -> {
            Tensor hidden = torch.linear(
                            input,
                            parameters.get(prefix + "down.weight"),
                            Tensors.some(parameters.get(prefix + "down.bias")))
                    .relu();
            double dropout = options.dropout().orElse(0);
            // Where no graph is recorded, the model is in use.
            Tensor kept = dropout > 0 && GradMode.is_enabled() ? torch.dropout(hidden, dropout, true) : hidden;
            return torch.linear(
                            kept,
                            parameters.get(prefix + "up.weight"),
                            Tensors.some(parameters.get(prefix + "up.bias")))
                    .mul(new Scalar(options.scale().orElse(1)));
        });
    }
}
