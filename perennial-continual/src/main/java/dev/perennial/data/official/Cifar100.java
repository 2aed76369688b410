package dev.perennial.data.official;

import dev.perennial.clip.guard.BoundedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * CIFAR-100 in both of its versions: {@code cifar-100-python} with {@code train}, {@code test} and {@code meta}, whose pickles are
 * parsed as data, and {@code cifar-100-binary} (Krizhevsky 2009).
 */
final class Cifar100 implements OfficialLayout {
    private static final int SIDE = 32;
    private static final int PLANE = SIDE * SIDE;
    private static final int PIXELS = 3 * PLANE;
    private static final int RECORD = 2 + PIXELS;
    private static final long MAX_FILE = 1 << 29;

    @Override
    public Listing list(Path root, String split) {
        for (String folder : List.of("", "cifar-100-python", "cifar-100-binary")) {
            Path inside = root.resolve(folder);
            if (Files.isRegularFile(inside.resolve("meta"))) {
                return python(inside, split);
            }
            if (Files.isRegularFile(inside.resolve("fine_label_names.txt"))) {
                return binary(inside, split);
            }
        }
        throw new IllegalArgumentException(root
                + ": holds neither cifar-100-python (train, test, meta) nor cifar-100-binary (train.bin, test.bin,"
                + " fine_label_names.txt)");
    }

    private static Listing python(Path folder, String split) {
        List<String> names = PythonBatch.read(folder.resolve("meta")).texts("fine_label_names");
        PythonBatch batch = PythonBatch.read(folder.resolve(split));
        ByteBuffer pixels = batch.bytes("data");
        int[] labels = batch.integers("fine_labels");
        if (pixels.remaining() != (long) labels.length * PIXELS) {
            throw new IllegalArgumentException(folder.resolve(split) + ": has " + labels.length + " labels for "
                    + pixels.remaining() + " bytes of pixels; fetch it again");
        }
        List<Listing.Entry> entries = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            entries.add(entry(folder.resolve(split), i, labels[i], names, pixels.slice(i * PIXELS, PIXELS)));
        }
        return listing(names, entries);
    }

    private static Listing binary(Path folder, String split) {
        List<String> names = new Folder(folder).lines("fine_label_names.txt");
        Path file = folder.resolve(split + ".bin");
        ByteBuffer records = mapped(file);
        if (records.remaining() % RECORD != 0) {
            throw new IllegalArgumentException(file + ": " + records.remaining() + " bytes are no whole records of "
                    + RECORD + "; fetch it again");
        }
        List<Listing.Entry> entries = new ArrayList<>();
        for (int i = 0; i < records.remaining() / RECORD; i++) {
            // A coarse and a fine label, then the planes of red, green and blue.
            int label = records.get(i * RECORD + 1) & 0xff;
            entries.add(entry(file, i, label, names, records.slice(i * RECORD + 2, PIXELS)));
        }
        return listing(names, entries);
    }

    private static Listing.Entry entry(Path file, int number, int label, List<String> names, ByteBuffer pixels) {
        if (label < 0 || label >= names.size()) {
            throw new IllegalArgumentException(file + ": picture " + number + " has the label " + label + " of "
                    + names.size() + " classes; fetch it again");
        }
        return new Listing.Entry(
                Integer.toString(number),
                label,
                new Picture.Packed(
                        () -> Bitmap.encode(SIDE, SIDE, (colour, y, x) -> pixels.get(colour * PLANE + y * SIDE + x))));
    }

    private static Listing listing(List<String> names, List<Listing.Entry> entries) {
        return new Listing(Prompts.spaced(names), Prompts.of("cifar100").templates(), entries);
    }

    private static FileChannel channel(Path file) throws IOException {
        BoundedFile.requireRegular(file);
        return FileChannel.open(file);
    }

    static ByteBuffer mapped(Path file) {
        try (FileChannel channel = channel(file)) {
            if (channel.size() > MAX_FILE) {
                throw new IllegalArgumentException(file + ": is larger than any file of CIFAR-100; fetch it again");
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        } catch (IOException e) {
            throw new IllegalArgumentException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }
}
