package dev.perennial.judge;

import dev.perennial.clip.Clip;
import dev.perennial.run.Hashes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A hash of the classes that judge, so that no result outlives the code that it came from. */
final class ProgramCode {
    private ProgramCode() {}

    static String sha256() {
        return Hashes.sha256(List.of(Clip.class, Benchmark.class).stream()
                .map(ProgramCode::classes)
                .collect(Collectors.joining("\n")));
    }

    private static String classes(Class<?> door) {
        try {
            URI location =
                    door.getProtectionDomain().getCodeSource().getLocation().toURI();
            Path path = Path.of(location);
            if (Files.isDirectory(path)) {
                return hashes(path);
            }
            try (FileSystem jar = FileSystems.newFileSystem(path)) {
                return hashes(jar.getPath("/"));
            }
        } catch (URISyntaxException | IOException e) {
            throw new IllegalStateException("the program cannot read its own classes", e);
        }
    }

    private static String hashes(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .sorted()
                    .map(file -> root.relativize(file) + " " + Hashes.sha256(file))
                    .collect(Collectors.joining("\n"));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
