package dev.perennial.cli;

import dev.perennial.clip.config.ResNetConfig;
import dev.perennial.clip.config.TextConfig;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.config.VisionConfig;
import dev.perennial.clip.config.VitConfig;
import java.util.stream.Collectors;

/** The sizes of towers in a few words. */
final class ModelSizes {
    private ModelSizes() {}

    /** Returns kind, image and blocks of an image tower. */
    static String imageTower(VisionConfig vision) {
        return switch (vision) {
            case VitConfig vit ->
                "ViT, %d px, patch %d, %s".formatted(vit.imageSize(), vit.patchSize(), blocks(vit.transformer()));
            case ResNetConfig resNet ->
                "ResNet, %d px, %s blocks, width %d, %d heads"
                        .formatted(
                                resNet.imageSize(),
                                resNet.layers().stream().map(String::valueOf).collect(Collectors.joining("+")),
                                resNet.width(),
                                resNet.heads());
        };
    }

    /** Returns blocks, vocabulary and context of a text tower. */
    static String textTower(TextConfig text) {
        return "%s, %,d tokens, context %d"
                .formatted(blocks(text.transformer()), text.vocabularySize(), text.contextLength());
    }

    private static String blocks(TransformerConfig transformer) {
        return "%d blocks, width %d, %d heads"
                .formatted(transformer.layers(), transformer.width(), transformer.heads());
    }
}
