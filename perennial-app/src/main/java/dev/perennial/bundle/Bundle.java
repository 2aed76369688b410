package dev.perennial.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The resources that ship with the program, copied out of the jar once: everything else in the toolkit reads ordinary files.
 */
public final class Bundle {
    /** The name under which the bundled model is known. */
    public static final String MODEL = "perennial-micro";

    private static final String LIST = "files.txt";

    private final Path folder;

    /** Creates the bundle over the folder that it is copied to. */
    public Bundle(Path folder) {
        this.folder = folder;
    }

    /** Returns the bundled models by name. */
    public Map<String, Supplier<Path>> models() {
        return Map.of(MODEL, this::model);
    }

    /** Returns the folder of the bundled model. */
    public Path model() {
        return unpacked().resolve("models").resolve(MODEL);
    }

    /** Returns the folder of the bundled data sets, which is also what the demo's paths are relative to. */
    public Path data() {
        return unpacked().resolve("data");
    }

    private Path unpacked() {
        for (String line : files()) {
            Path target = folder.resolve(line);
            byte[] content = resource(line);
            if (!holds(target, content)) {
                write(target, content);
            }
        }
        return folder;
    }

    /** An older program may have left other content under the same name. */
    private static boolean holds(Path target, byte[] content) {
        try {
            return Files.isRegularFile(target)
                    && Files.size(target) == content.length
                    && Arrays.equals(Files.readAllBytes(target), content);
        } catch (IOException e) {
            return false;
        }
    }

    private static void write(Path target, byte[] content) {
        try {
            Files.createDirectories(target.getParent());
            Path temporary = Files.createTempFile(target.getParent(), ".", ".tmp");
            Files.write(temporary, content);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    target + ": a bundled file cannot be copied out; set PERENNIAL_CACHE to a writable folder", e);
        }
    }

    private static byte[] resource(String name) {
        try (InputStream stream = Bundle.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("bundled file " + name + " is missing from the program");
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("bundled file " + name + " cannot be read", e);
        }
    }

    /** Returns the files of the bundle, relative to its folder. */
    static List<String> files() {
        return new String(resource(LIST), StandardCharsets.UTF_8).lines().toList();
    }
}
