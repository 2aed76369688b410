package dev.perennial.clip.image;

/** One number for each channel of an RGB image, such as the means that preprocessing subtracts. */
public record Channels(double red, double green, double blue) {
    /** The mean of OpenAI's training images, in 0 to 1. */
    public static final Channels OPENAI_MEAN = new Channels(0.48145466, 0.4578275, 0.40821073);

    /** The standard deviation of OpenAI's training images, in 0 to 1. */
    public static final Channels OPENAI_STD = new Channels(0.26862954, 0.26130258, 0.27577711);

    /** The same number for all three channels. */
    public static Channels all(double value) {
        return new Channels(value, value, value);
    }

    /** Returns the number of channel 0 (red), 1 (green) or 2 (blue). */
    public double of(int channel) {
        return switch (channel) {
            case 0 -> red;
            case 1 -> green;
            case 2 -> blue;
            default -> throw new IndexOutOfBoundsException("channel " + channel + " of an RGB image");
        };
    }
}
