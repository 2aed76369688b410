package dev.perennial.method.replay;

import dev.perennial.clip.image.RgbImage;
import java.util.OptionalInt;

/**
 * A sample in a memory.
 *
 * @param experience index of the experience that it comes from
 * @param square the image as evaluation would see it, before normalisation
 * @param label counted in the class names of that experience; absent where images have captions
 * @param caption the caption that was chosen when the sample was seen; empty where images have classes
 * @param response what the model answered when the sample was seen: the logits of all classes of its experience, or the features of
 *     image and caption
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Remembered(int experience, RgbImage square, OptionalInt label, String caption, float[] response) {
    /** Returns the group among which a class-balanced memory divides its room. */
    String group() {
        return group(experience, label);
    }

    static String group(int experience, OptionalInt label) {
        return label.isPresent() ? experience + "/" + label.getAsInt() : String.valueOf(experience);
    }
}
