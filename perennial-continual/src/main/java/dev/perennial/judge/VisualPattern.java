package dev.perennial.judge;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The nine visual patterns of MMVP-VLM, in the order of its tables. */
enum VisualPattern {
    ORIENTATION("Orientation", "Orientation and Direction"),
    PRESENCE("Presence", "Presence of Specific Features"),
    STATE("State", "State and Condition"),
    QUANTITY("Quantity", "Quantity and Count"),
    SPATIAL("Spatial", "Positional and Relational Context"),
    COLOR("Color", "Color and Appearance"),
    STRUCTURAL("Structural Character", "Structural and Physical Characteristics"),
    TEXT("Text", "Texts"),
    PERSPECTIVE("Camera Perspective", "Viewpoint and Perspective");

    private final String type;
    private final String title;

    VisualPattern(String type, String title) {
        this.type = type;
        this.title = title;
    }

    /** Returns the name in tables. */
    String title() {
        return title;
    }

    /** Returns the pattern of a {@code Type}; underscores count as blanks. */
    static Optional<VisualPattern> of(String type) {
        return Arrays.stream(values())
                .filter(pattern -> pattern.type.equalsIgnoreCase(type.strip().replace('_', ' ')))
                .findFirst();
    }

    /** Returns the types that there are. */
    static String types() {
        return Arrays.stream(values()).map(pattern -> pattern.type).collect(Collectors.joining(", "));
    }
}
