package dev.perennial.method.module;

import dev.perennial.clip.Clip;
import dev.perennial.clip.config.ResNetConfig;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.config.VitConfig;
import dev.perennial.method.Tower;
import java.util.EnumSet;
import java.util.Set;

/** The towers of a model that modules are added to. */
final class Towers {
    private Towers() {}

    /** Returns both where none is named. */
    static Set<Tower> orBoth(Set<Tower> named) {
        return named.isEmpty() ? EnumSet.allOf(Tower.class) : EnumSet.copyOf(named);
    }

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
