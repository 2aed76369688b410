package dev.perennial.method.module;

import dev.perennial.clip.Clip;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tower.Extension;
import dev.perennial.clip.tower.Parameters;
import dev.perennial.clip.tower.Projection;
import dev.perennial.clip.tower.TowerSites;
import dev.perennial.method.Tower;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Low-rank updates: {@code modules.image.0.lora.query.down} is A {@code [rank, in]} and {@code .up} is B {@code [out, rank]}; packed ones of
 * queries, keys and values are called {@code qkv} and have the rows of B one after another.
 */
final class Lora implements Extension {
    private static final List<Projection> ATTENTION_INPUTS =
            List.of(Projection.QUERY, Projection.KEY, Projection.VALUE);

    private final LoraOptions options;
    private final List<Group> groups;

    /** Projections that share an A. */
    private record Group(String name, List<Projection> projections) {
        String prefix(Tower tower, int layer) {
            return ModuleOptions.PREFIX + tower.label() + "." + layer + ".lora." + name + ".";
        }
    }

    Lora(LoraOptions options) {
        this.options = options;
        this.groups = groups(options);
    }

    private static List<Group> groups(LoraOptions options) {
        List<Projection> all = options.on().stream()
                .sorted()
                .flatMap(place -> place.projections().stream())
                .toList();
        List<Projection> together = options.packed().orElse(false)
                ? all.stream().filter(ATTENTION_INPUTS::contains).toList()
                : List.of();
        List<Group> groups = new ArrayList<>();
        if (!together.isEmpty()) {
            groups.add(new Group("qkv", together));
        }
        all.stream()
                .filter(projection -> !together.contains(projection))
                .forEach(projection -> groups.add(
                        new Group(projection.name().toLowerCase(Locale.ROOT).replace('_', '-'), List.of(projection))));
        return groups;
    }

    void addTo(Clip clip, RandomStream random) {
        var start = new Drawn(random);
        for (Tower tower : options.towers()) {
            TransformerConfig config = Towers.config(clip, tower);
            for (int layer = 0; layer < config.layers(); layer++) {
                for (Group group : groups) {
                    draw(start, group, group.prefix(tower, layer), config);
                }
            }
        }
        start.extend(clip, this);
    }

    private void draw(Drawn start, Group group, String prefix, TransformerConfig config) {
        Projection first = group.projections().getFirst();
        int rank = options.rank();
        int in = first == Projection.MLP_OUT ? config.mlpWidth() : config.width();
        int out = group.projections().size() * (first == Projection.MLP_HIDDEN ? config.mlpWidth() : config.width());
        boolean perturbed = options.start().orElse(LoraOptions.Start.ZERO) == LoraOptions.Start.PERTURBED
                && ATTENTION_INPUTS.contains(first);
        if (perturbed) {
            start.uniform(prefix + "down", Math.sqrt(6.0 / (rank + in)), rank, in);
            start.uniform(prefix + "up", Math.sqrt(6.0 / (rank + out)), out, rank);
        } else {
            start.uniform(prefix + "down", 1 / Math.sqrt(in), rank, in);
            start.zeros(prefix + "up", out, rank);
        }
    }

    @Override
    public void attach(Parameters parameters, TowerSites imageSites, TowerSites textSites) {
        for (Tower tower : options.towers()) {
            TowerSites sites = tower == Tower.IMAGE ? imageSites : textSites;
            for (int layer = 0; layer < sites.layers(); layer++) {
                for (Group group : groups) {
                    String prefix = group.prefix(tower, layer);
                    int parts = group.projections().size();
                    int at = layer;
                    IntStream.range(0, parts)
                            .forEach(part -> sites.block(at)
                                    .add(
                                            group.projections().get(part),
                                            input -> term(parameters, prefix, input, part, parts)));
                }
            }
        }
    }

    /** Returns {@code scale x A' B'}, with the rows of B that belong to this part of the packed projection. */
    private Tensor term(Parameters parameters, String prefix, Tensor input, int part, int parts) {
        return TensorScope.compute(() -> {
            Tensor up = parameters.get(prefix + "up");
            long rows = up.size(0) / parts;
            return input.matmul(parameters.get(prefix + "down").t())
                    .matmul(up.narrow(0, part * rows, rows).t())
                    .mul(new Scalar(options.scale()));
        });
    }
}
