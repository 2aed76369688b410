package dev.perennial.evaluate.diagnosis;

import dev.perennial.method.Tower;
import java.util.Arrays;

/** What is measured of a tower during training. */
public enum DiagnosisMeasure {
    /** Norm of the image tower's gradient. */
    IMAGE_GRADIENT(Tower.IMAGE, Kind.GRADIENT),
    /** Norm of the text tower's gradient. */
    TEXT_GRADIENT(Tower.TEXT, Kind.GRADIENT),
    /** Angle of the image tower's gradient. */
    IMAGE_ANGLE(Tower.IMAGE, Kind.ANGLE),
    /** Angle of the text tower's gradient. */
    TEXT_ANGLE(Tower.TEXT, Kind.ANGLE),
    /** Drift of image features. */
    IMAGE_DRIFT(Tower.IMAGE, Kind.DRIFT),
    /** Drift of text features. */
    TEXT_DRIFT(Tower.TEXT, Kind.DRIFT);

    private final Tower tower;
    private final Kind kind;

    DiagnosisMeasure(Tower tower, Kind kind) {
        this.tower = tower;
        this.kind = kind;
    }

    /** What is measured of both towers alike. */
    public enum Kind {
        /** Length of the gradient. */
        GRADIENT(
                "gradient-norm",
                "Gradient norm",
                "L2 norm of the gradient of what is trained of the tower, before clipping."),
        /** Direction of the gradient. */
        ANGLE(
                "gradient-angle",
                "Angle of the gradient (°)",
                "Angle between a step's gradient and the optimizer's running mean of the gradients before it, which weighs about"
                        + " the last 1 / (1 - beta1) of them. Small: steps agree. 90: they have nothing to do with each other."
                        + " Larger: they take back what the last ones did."),
        /** Distance of features. */
        DRIFT(
                "drift",
                "Drift from the start",
                "Mean of 1 - cosine between a feature and that of the pretrained model, over a fixed held-out sample.");

        private final String key;
        private final String title;
        private final String reading;

        Kind(String key, String title, String reading) {
            this.key = key;
            this.title = title;
            this.reading = reading;
        }

        /** Returns the name for people, with the unit. */
        public String title() {
            return title;
        }

        /** Returns what it says. */
        public String reading() {
            return reading;
        }
    }

    /** Returns the measure of a tower. */
    public static DiagnosisMeasure of(Tower tower, Kind kind) {
        return Arrays.stream(values())
                .filter(measure -> measure.tower == tower && measure.kind == kind)
                .findFirst()
                .orElseThrow();
    }

    /** Returns the tower. */
    public Tower tower() {
        return tower;
    }

    /** Returns what is measured. */
    public Kind kind() {
        return kind;
    }

    /** Returns the name in files, such as {@code image-gradient-norm}. */
    public String key() {
        return tower.label() + "-" + kind.key;
    }
}
