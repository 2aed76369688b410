package dev.perennial.method;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;

/** A tower of CLIP. */
public enum Tower {
    /** What embeds images. */
    @JsonProperty("image")
    IMAGE("image"),
    /** What embeds texts. */
    @JsonProperty("text")
    TEXT("text");

    private final String label;

    Tower(String label) {
        this.label = label;
    }

    /** Returns its name in configurations, files and parameters, such as {@code image}. */
    public String label() {
        return label;
    }

    /**
     * Returns the tower that a parameter belongs to, by its name: an official one, or one that says {@code image} or {@code visual} first,
     * {@code modules.} left out. What scales the cosines belongs to neither.
     */
    public static Optional<Tower> of(String parameter) {
        String name = parameter.startsWith("modules.") ? parameter.substring("modules.".length()) : parameter;
        if (name.startsWith("image") || name.startsWith("visual")) {
            return Optional.of(IMAGE);
        }
        boolean scale = name.equals("logit_scale") || name.equals("temperature");
        return scale ? Optional.empty() : Optional.of(TEXT);
    }
}
