package dev.perennial.method;

import java.util.Optional;

/** A tower of CLIP. */
public enum Tower {
    IMAGE,
    TEXT;

    /**
     * Returns the tower that a parameter belongs to, by its name: an official one, or one that says {@code image} or {@code visual} first.
     * What scales the cosines belongs to neither.
     */
    public static Optional<Tower> of(String parameter) {
        if (parameter.startsWith("image") || parameter.startsWith("visual")) {
            return Optional.of(IMAGE);
        }
        boolean scale = parameter.equals("logit_scale") || parameter.equals("temperature");
        return scale ? Optional.empty() : Optional.of(TEXT);
    }
}
