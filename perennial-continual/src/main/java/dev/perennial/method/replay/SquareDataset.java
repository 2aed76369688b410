package dev.perennial.method.replay;

import dev.perennial.clip.image.RgbImage;
import dev.perennial.data.Dataset;
import dev.perennial.data.DatasetInfo;
import dev.perennial.data.ImageSource;
import dev.perennial.data.Sample;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import javax.imageio.ImageIO;

/** Remembered images as a data set without labels. */
final class SquareDataset implements Dataset {
    private static final DatasetInfo INFO = new DatasetInfo("exemplars", "", List.of(), List.of(), List.of());

    private final List<RgbImage> images;

    SquareDataset(List<RgbImage> images) {
        this.images = List.copyOf(images);
    }

    @Override
    public DatasetInfo info() {
        return INFO;
    }

    @Override
    public int size() {
        return images.size();
    }

    @Override
    public Sample sample(int position) {
        return new Sample(
                "exemplar " + position,
                position,
                new Remembrance("exemplar " + position, images.get(position)),
                OptionalInt.empty(),
                Optional.empty(),
                Map.of(),
                Map.of());
    }

    @Override
    public String hash() {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            images.forEach(image -> hash.update(image.rgb()));
            return HexFormat.of().formatHex(hash.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public void close() {
        // Nothing is open.
    }

    private record Remembrance(String name, RgbImage image) implements ImageSource {
        @Override
        public byte[] read() {
            var picture = new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
            for (int y = 0; y < image.height(); y++) {
                for (int x = 0; x < image.width(); x++) {
                    picture.setRGB(x, y, image.value(x, y, 0) << 16 | image.value(x, y, 1) << 8 | image.value(x, y, 2));
                }
            }
            var bytes = new ByteArrayOutputStream();
            try {
                ImageIO.write(picture, "png", bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(name + ": cannot be encoded", e);
            }
            return bytes.toByteArray();
        }

        @Override
        public RgbImage decode() {
            return image;
        }
    }
}
