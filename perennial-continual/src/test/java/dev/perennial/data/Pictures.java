package dev.perennial.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import javax.imageio.ImageIO;

/** Tiny pictures for tests that learn: those of a class have one colour, each of them in a shade of its own. */
public final class Pictures {
    private static final int SIDE = 20;
    private static final Map<String, Integer> COLOURS =
            Map.of("red", 0xff0000, "green", 0x00c000, "blue", 0x0000ff, "yellow", 0xffff00, "white", 0xffffff);

    private Pictures() {}

    /** Returns a labelled and captioned data set in memory; classes come in turn. Classes are named by their colour. */
    public static Dataset ofColours(String name, int size, String... colours) {
        var info = new DatasetInfo(name, "train", List.of(colours), List.of("a {} picture"), List.of("en", "de"));
        return new InMemory(info, size);
    }

    /** Writes {@code <split>/<colour>/<number>.png} into a folder, this many pictures of each colour. */
    public static void write(Path folder, int train, int test, String... colours) {
        for (String colour : colours) {
            for (int i = 0; i < train; i++) {
                write(folder.resolve("train").resolve(colour).resolve(i + ".png"), png(colour, i));
            }
            for (int i = 0; i < test; i++) {
                write(folder.resolve("test").resolve(colour).resolve(i + ".png"), png(colour, train + i));
            }
        }
    }

    /** Returns a picture; pictures of one colour differ by number. */
    public static byte[] png(String colour, int number) {
        int rgb = COLOURS.getOrDefault(colour, 0x808080);
        var image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                // A bar at a place of its own tells the pictures of a colour apart.
                boolean bar = x == number % SIDE || y == number / SIDE % SIDE;
                image.setRGB(x, y, bar ? rgb >> 1 & 0x7f7f7f : rgb);
            }
        }
        var out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void write(Path file, byte[] content) {
        try {
            Files.createDirectories(file.resolveSibling(""));
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record InMemory(DatasetInfo info, int size) implements Dataset {
        @Override
        public Sample sample(int position) {
            int label = position % classNames().size();
            String colour = classNames().get(label);
            return new Sample(
                    "picture " + position,
                    position,
                    ImageSource.of("picture " + position, () -> png(colour, position)),
                    OptionalInt.of(label),
                    Optional.of(colour),
                    Map.of("en", List.of("it is " + colour, "all " + colour), "de", List.of("ganz " + colour)),
                    Map.of());
        }

        @Override
        public String hash() {
            return new ContentHash()
                    .add(info.title())
                    .add(classNames())
                    .add(size)
                    .hex();
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
