package dev.perennial.evaluate.alignment;

/**
 * What is measured about the embeddings of the alignment sample. "Before" is the pretrained model; angles are in degrees.
 *
 * <p>Rotation, inner angles and deviation follow Mod-X (Ni et al. 2023, arXiv 2305.07437), the gap Liang et al. 2022 (arXiv
 * 2203.02053), alignment and uniformity losses Wang and Isola 2020 (arXiv 2005.10242).
 */
public enum AlignmentMeasure {
    /** Mean angle of an image with itself. */
    IMAGE_ROTATION(
            "image-rotation", "Rotation of images", "°", "Mean angle between an image's embedding and that before."),
    /** Mean angle of a text with itself. */
    TEXT_ROTATION("text-rotation", "Rotation of texts", "°", "Mean angle between a text's embedding and that before."),
    /** Mean change of angles within the image space. */
    IMAGE_ANGLES(
            "image-angles",
            "Change among images",
            "°",
            "Mean change of the angle between two images. Near 0 beside a large rotation: the space has turned as a whole."),
    /** Mean change of angles within the text space. */
    TEXT_ANGLES("text-angles", "Change among texts", "°", "Mean change of the angle between two texts."),
    /** Mean change of angles between the spaces. */
    DEVIATION(
            "deviation",
            "Inter-modal deviation",
            "°",
            "Mean change of the angle between an image and a text, over all of both. 0 if both spaces turn alike; what"
                    + " is asked of the model depends on these angles alone."),
    /** Difference of the rotations of an image and its text. */
    ROTATION_DIFFERENCE(
            "rotation-difference",
            "Difference of rotations",
            "°",
            "Mean absolute difference between the rotation of an image and that of its text."),
    /** Distance of the centres. */
    GAP("gap", "Modality gap", "", "Distance between the mean image and the mean text embedding, 0 to 2."),
    /** Squared distance of pairs. */
    ALIGNMENT_LOSS(
            "alignment-loss",
            "Alignment loss",
            "",
            "Mean squared distance between an image and its text, 0 to 4; lower is better."),
    /** Uniformity of images. */
    IMAGE_UNIFORMITY(
            "image-uniformity",
            "Uniformity loss of images",
            "",
            "Logarithm of the mean of exp(-2 squared distance) over pairs of images, -8 to 0; lower is more evenly spread."),
    /** Uniformity of texts. */
    TEXT_UNIFORMITY("text-uniformity", "Uniformity loss of texts", "", "The same over pairs of texts."),
    /** Same first choice as before. */
    AGREEMENT(
            "agreement",
            "Agreement with pretrained",
            "%",
            "Share of images for which the first choice, among the class names or captions of their own data set, is the one"
                    + " before. Learning lowers it where the pretrained model was wrong, forgetting where it was right.");

    private final String key;
    private final String title;
    private final String unit;
    private final String reading;

    AlignmentMeasure(String key, String title, String unit, String reading) {
        this.key = key;
        this.title = title;
        this.unit = unit;
        this.reading = reading;
    }

    /** Returns the name in files, such as {@code image-rotation}. */
    public String key() {
        return key;
    }

    /** Returns the name for people. */
    public String title() {
        return title;
    }

    /** Returns the unit; empty if it has none. */
    public String unit() {
        return unit;
    }

    /** Returns what it says. */
    public String reading() {
        return reading;
    }
}
