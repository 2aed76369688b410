package dev.perennial.method.module;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.EnumSet;
import java.util.Set;

/** The towers that modules can be added to. */
public enum Tower {
    /** The vision transformer. */
    @JsonProperty("image")
    IMAGE("image"),
    /** The text transformer. */
    @JsonProperty("text")
    TEXT("text");

    private final String label;

    Tower(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /** Returns both where none is named. */
    static Set<Tower> orBoth(Set<Tower> named) {
        return named.isEmpty() ? EnumSet.allOf(Tower.class) : EnumSet.copyOf(named);
    }
}
