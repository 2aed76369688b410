package dev.perennial.method.moe;

import dev.perennial.clip.Clip;
import dev.perennial.clip.config.ResNetConfig;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.config.VitConfig;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.tower.ModifiedResNet;
import dev.perennial.clip.tower.VisionTransformer;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * What the first blocks of CLIP's own image tower make of images: the class token and the mean of the patches, each with mean 0 and
 * variance 1. The untouched model goes on from there, so that an image that is left to it costs nothing more.
 *
 * @param tower with nothing attached
 * @param blocks of the tower that are run
 */
record ClipPrefix(VisionTransformer tower, int blocks) implements FeatureSource {
    /**
     * Returns the view of a share of the blocks of a model.
     *
     * @param depth in {@code [0, 1]}; the number of blocks is rounded up
     */
    static ClipPrefix of(Clip clip, double depth) {
        return switch (clip.imageTower()) {
            case VisionTransformer tower ->
                new ClipPrefix(tower, (int) Math.ceil(depth * transformer(clip).layers()));
            case ModifiedResNet _ -> throw needsTransformer();
        };
    }

    /** Returns the shape of a model's vision transformer. */
    static TransformerConfig transformer(Clip clip) {
        return switch (clip.config().vision()) {
            case VitConfig vit -> vit.transformer();
            case ResNetConfig _ -> throw needsTransformer();
        };
    }

    private static IllegalArgumentException needsTransformer() {
        return new IllegalArgumentException(
                "moe-adapters run beside the MLPs of a vision transformer, but the model has a ResNet");
    }

    @Override
    public String name() {
        return "clip, " + blocks + " blocks";
    }

    @Override
    public View look(Tensor pixels) {
        Tensor tokens = tower.beginning(pixels, blocks);
        return new View(features(tokens), () -> tower.rest(tokens, blocks).to(torch.ScalarType.Float));
    }

    private static Tensor features(Tensor tokens) {
        return TensorScope.compute(() -> {
            Tensor classToken = tokens.narrow(1, 0, 1);
            Tensor patches =
                    tokens.narrow(1, 1, tokens.size(1) - 1).mean(new long[] {1}, true, new ScalarTypeOptional());
            Tensor both = Tensors.concat(1, classToken, patches);
            return torch.layer_norm(both, both.size(2)).flatten(1, 2).to(torch.ScalarType.Float);
        });
    }
}
