package dev.perennial.data.official;

import dev.perennial.clip.guard.BoundedFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** MNIST in the idx format, plain or packed with gzip: {@code train-images-idx3-ubyte} and three more (LeCun et al. 1998). */
final class Mnist implements OfficialLayout {
    private static final int LABELS = 0x801;
    private static final int IMAGES = 0x803;
    private static final int HEADER = 8;
    /** The training images have 47 MB. */
    private static final int MAX_BYTES = 64 << 20;

    private static final int MAX_SIDE = 1_000;

    @Override
    public Listing list(Path root, String split) {
        String stem = split.equals("train") ? "train" : "t10k";
        ByteBuffer images = idx(root, stem + "-images-idx3-ubyte");
        ByteBuffer labels = idx(root, stem + "-labels-idx1-ubyte");
        require(images.getInt() == IMAGES && labels.getInt() == LABELS, root, "are not idx files");
        require(images.remaining() >= 12, root, "are cut off");
        int count = images.getInt();
        int height = images.getInt();
        int width = images.getInt();
        require(
                count >= 0
                        && height > 0
                        && height <= MAX_SIDE
                        && width > 0
                        && width <= MAX_SIDE
                        && count == labels.getInt()
                        && labels.remaining() == count
                        && images.remaining() == (long) count * height * width,
                root,
                "announce other sizes than they have");
        List<Listing.Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ByteBuffer pixels = images.slice(images.position() + i * height * width, height * width);
            int label = labels.get();
            require(label >= 0 && label < 10, root, "hold a label that is no digit");
            entries.add(new Listing.Entry(
                    Integer.toString(i),
                    label,
                    new Picture.Packed(() -> Bitmap.encode(width, height, (_, y, x) -> pixels.get(y * width + x)))));
        }
        Prompts prompts = Prompts.of("mnist");
        return new Listing(prompts.classes(), prompts.templates(), entries);
    }

    private static ByteBuffer idx(Path root, String name) {
        for (String folder : List.of("", "raw", "MNIST/raw")) {
            Path plain = root.resolve(folder).resolve(name);
            Path packed = plain.resolveSibling(name + ".gz");
            if (Files.exists(plain) || Files.exists(packed)) {
                return read(Files.exists(plain) ? plain : packed);
            }
        }
        throw new IllegalArgumentException(
                root + ": there is no " + name + " or " + name + ".gz, neither there nor in raw or MNIST/raw");
    }

    private static ByteBuffer read(Path file) {
        try (InputStream in = new ByteArrayInputStream(BoundedFile.bytes(file, MAX_BYTES));
                InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in) {
            byte[] bytes = plain.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IllegalArgumentException(file + ": unpacks to more than MNIST has; fetch it again");
            }
            if (bytes.length < HEADER) {
                throw new IllegalArgumentException(file + ": is cut off; fetch it again");
            }
            return ByteBuffer.wrap(bytes);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + ": cannot be read (" + e.getMessage() + "); fetch it again", e);
        }
    }

    private static void require(boolean held, Path root, String fault) {
        if (!held) {
            throw new IllegalArgumentException(root + ": the MNIST files " + fault + "; fetch them again");
        }
    }
}
