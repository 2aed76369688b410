package dev.perennial.data.official;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Writes small data sets of the layouts that the authors of the real ones distribute. */
final class OfficialFolders {
    private final Path root;

    OfficialFolders(Path root) {
        this.root = root;
    }

    /** Writes a picture of one colour. */
    OfficialFolders picture(String path, int red) {
        return file(path, Bitmap.encode(4, 3, (colour, _, _) -> colour == 0 ? (byte) red : 0));
    }

    OfficialFolders text(String path, String... lines) {
        return file(path, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Copies a file that SciPy wrote in MATLAB's format. */
    OfficialFolders mat(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/official/" + name))) {
            return file(path, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    OfficialFolders file(String path, byte[] content) {
        try {
            Path file = root.resolve(path);
            Files.createDirectories(file.resolveSibling(""));
            Files.write(file, content);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns one of CIFAR's pictures: its planes hold 1, 2 and 3 times a number. */
    static byte[] planes(int number) {
        byte[] pixels = new byte[3 * 1024];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (number * (i / 1024 + 1));
        }
        return pixels;
    }

    /** Returns an idx file: magic number, sizes, bytes. */
    static byte[] idx(int magic, int[] sizes, byte[] data) {
        ByteBuffer file =
                ByteBuffer.allocate(4 + 4 * sizes.length + data.length).putInt(magic);
        for (int size : sizes) {
            file.putInt(size);
        }
        return file.put(data).array();
    }

    /** Writes a pickle as Python 2 wrote CIFAR's. */
    static final class Pickle {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Pickle() {
            raw("\u0080\u0002}q\u0001(");
        }

        Pickle texts(String key, List<String> texts) {
            shortText(key).raw("]q\u0002(");
            texts.forEach(this::shortText);
            return raw("e");
        }

        Pickle numbers(String key, int... numbers) {
            shortText(key).raw("]q\u0003(");
            for (int number : numbers) {
                raw("K").raw(Character.toString(number));
            }
            return raw("e");
        }

        /** A numpy array of bytes with two dimensions. */
        Pickle array(String key, int rows, int columns, byte[] data) {
            shortText(key)
                    .raw(
                            "cnumpy.core.multiarray\n_reconstruct\nq\u0004cnumpy\nndarray\nq\u0005K\u0000\u0085U\u0001b\u0087Rq\u0006(K\u0001");
            integer(rows)
                    .integer(columns)
                    .raw("\u0086cnumpy\ndtype\nq\u0007U\u0002u1K\u0000K\u0001\u0087Rq\u0008(K\u0003U\u0001|NNN");
            integer(-1).integer(-1).raw("K\u0000tb\u0089T");
            little(data.length);
            out.writeBytes(data);
            return raw("tb");
        }

        byte[] end() {
            raw("u.");
            return out.toByteArray();
        }

        Pickle shortText(String text) {
            return raw("U").raw(Character.toString(text.length())).raw(text);
        }

        Pickle raw(String latin) {
            out.writeBytes(latin.getBytes(StandardCharsets.ISO_8859_1));
            return this;
        }

        private Pickle integer(int number) {
            raw("J");
            little(number);
            return this;
        }

        private void little(int number) {
            out.writeBytes(
                    ByteBuffer.allocate(4).putInt(Integer.reverseBytes(number)).array());
        }
    }
}
