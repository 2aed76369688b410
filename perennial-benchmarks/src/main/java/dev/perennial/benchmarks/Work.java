package dev.perennial.benchmarks;

import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.ResNetConfig;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.config.VitConfig;

/** Floating-point operations of the matrix products of a forward pass, a multiplication and an addition counted as two. */
final class Work {
    private Work() {}

    /** Operations for one image. */
    static double image(ClipConfig config) {
        return switch (config.vision()) {
            case VitConfig vit -> {
                double width = vit.transformer().width();
                double patches = vit.tokens() - 1;
                double embedding = 2 * patches * width * 3 * vit.patchSize() * vit.patchSize();
                yield embedding + blocks(vit.transformer(), vit.tokens()) + 2 * width * config.embedDim();
            }
            case ResNetConfig _ ->
                throw new IllegalArgumentException(
                        "the benchmark counts vision transformers only; choose a ViT such as ViT-B-32-openai");
        };
    }

    /** Operations for one text of this many tokens. */
    static double text(ClipConfig config, int tokens) {
        TransformerConfig transformer = config.text().transformer();
        return blocks(transformer, tokens) + 2.0 * transformer.width() * config.embedDim();
    }

    private static double blocks(TransformerConfig config, double tokens) {
        double width = config.width();
        double projections = 2 * tokens * (4 * width * width + 2 * width * config.mlpWidth());
        double attention = 4 * tokens * tokens * width;
        return config.layers() * (projections + attention);
    }
}
