package dev.perennial.method.module;

import dev.perennial.clip.Clip;
import dev.perennial.clip.config.ResNetConfig;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.config.VitConfig;

/** The sizes of a model's towers. */
final class Towers {
    private Towers() {}

    static TransformerConfig config(Clip clip, Tower tower) {
        return switch (tower) {
            case TEXT -> clip.config().text().transformer();
            case IMAGE ->
                switch (clip.config().vision()) {
                    case VitConfig vit -> vit.transformer();
                    case ResNetConfig _ ->
                        throw new IllegalArgumentException("modules are added to the blocks of a transformer, but the"
                                + " image tower is a ResNet; set their towers to [text]");
                };
        };
    }
}
