package dev.perennial.benchmarks;

import dev.perennial.clip.image.RgbImage;
import dev.perennial.data.Dataset;
import dev.perennial.data.DatasetInfo;
import dev.perennial.data.ImageSource;
import dev.perennial.data.Sample;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Images of noise in memory, each with a class and a caption of its own.
 *
 * @param size number of images
 * @param classes number of classes, which come in turn
 * @param side of the images, in pixels
 */
record NoiseImages(int size, int classes, int side) implements Dataset {
    /** The language of the captions. */
    static final String LANGUAGE = "en";

    private static final List<String> WORDS = List.of(
            "a", "red", "small", "photo", "of", "the", "house", "dog", "beside", "two", "trees", "at", "night", "in",
            "winter");

    @Override
    public DatasetInfo info() {
        List<String> names =
                IntStream.range(0, classes).mapToObj(i -> "class " + i).toList();
        return new DatasetInfo("noise", "train", names, List.of("a photo of a {}."), List.of(LANGUAGE));
    }

    @Override
    public Sample sample(int position) {
        return new Sample(
                "noise " + position,
                position,
                new Noise("noise " + position, position, side),
                OptionalInt.of(position % classes),
                Optional.of("class " + position % classes),
                Map.of(LANGUAGE, List.of(caption(position))),
                Map.of());
    }

    private static String caption(int position) {
        var random = new Random(position);
        StringBuilder caption = new StringBuilder("number " + position);
        for (int i = 0; i < 8; i++) {
            caption.append(' ').append(WORDS.get(random.nextInt(WORDS.size())));
        }
        return caption.toString();
    }

    @Override
    public String hash() {
        return toString();
    }

    @Override
    public void close() {
        // Nothing is open.
    }

    /** One image. */
    private record Noise(String name, int seed, int side) implements ImageSource {
        @Override
        public byte[] read() {
            byte[] rgb = new byte[3 * side * side];
            new Random(seed).nextBytes(rgb);
            return rgb;
        }

        @Override
        public RgbImage decode() {
            return new RgbImage(side, side, read());
        }
    }
}
