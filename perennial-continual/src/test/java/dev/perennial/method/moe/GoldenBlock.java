package dev.perennial.method.moe;

import dev.perennial.clip.TinyClip;
import dev.perennial.clip.config.Activation;
import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.config.VitConfig;
import dev.perennial.clip.golden.GoldenCase;
import dev.perennial.clip.golden.GoldenClip;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.tower.Branch;
import dev.perennial.clip.tower.ImageTower;
import dev.perennial.clip.tower.Initialization;
import dev.perennial.clip.tower.Parameters;
import dev.perennial.clip.tower.TowerSites;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** The block of a golden case as the first of a tower: its input is put before it, and its output taken from before the second. */
final class GoldenBlock implements AutoCloseable {
    final GoldenMixture mixture;
    private final ImageTower tower;
    private final Parameters parameters;

    GoldenBlock(GoldenCase golden) {
        mixture = new GoldenMixture(golden, "");
        int width = golden.config().required("width").asInt();
        int mlpWidth = Math.toIntExact(golden.tensor("param.mlp.c_fc.bias").shape()[0]);
        var transformer = new TransformerConfig(
                width,
                2,
                golden.config().required("heads").asInt(),
                mlpWidth,
                Activation.of(golden.config().path("activation").asString("quick_gelu")),
                golden.config().path("ln_eps").asDouble(TransformerConfig.DEFAULT_EPSILON));
        var config = new ClipConfig(
                8,
                new VitConfig(TinyClip.IMAGE_SIZE, 8, transformer),
                TinyClip.config().text());
        parameters = Initialization.draw(config, new RandomStream(1));
        try (var _ = new TensorScope()) {
            for (String name : golden.names("param.")) {
                String own = "visual.transformer.resblocks.0." + name.substring("param.".length());
                if (parameters.has(own)) {
                    parameters.get(own).copy_(GoldenClip.tensor(golden.tensor(name)));
                }
            }
        }
        tower = ImageTower.of(config.vision(), parameters);
    }

    /** Returns the output of the block for {@code [batch, tokens, width]}, for the caller to close. */
    Tensor output(Tensor input, Optional<Branch> branch) {
        List<Tensor> captured = new ArrayList<>();
        TowerSites sites = tower.emptySites();
        sites.block(0).before(_ -> input);
        branch.ifPresent(mixed -> sites.block(0).add(Branch.Beside.MLP, mixed));
        sites.block(1).before(tokens -> {
            captured.add(tokens.retainReference());
            return tokens;
        });
        try (var _ = new TensorScope()) {
            int size = TinyClip.IMAGE_SIZE;
            tower.forward(Tensors.of(new float[3 * size * size], 1, 3, size, size), sites);
        }
        return captured.getFirst();
    }

    @Override
    public void close() {
        mixture.close();
        parameters.close();
    }
}
