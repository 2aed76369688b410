package dev.perennial.clip.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What this process has open, as the operating system tells it. */
public final class OpenFiles {
    private static final Path PROCESS = Path.of("/proc/self");

    private OpenFiles() {}

    /** Fails if a file below the folder is open or mapped into memory; skips visibly where the system does not tell. */
    public static void assertNoneBelow(Path folder) {
        assumeTrue(Files.isDirectory(PROCESS.resolve("fd")), "this system does not tell which files are open");
        try {
            String name = folder.toRealPath().toString();
            assertThat(descriptors()).noneMatch(target -> target.startsWith(name));
            assertThat(Files.readAllLines(PROCESS.resolve("maps"))).noneMatch(line -> line.contains(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> descriptors() throws IOException {
        try (var links = Files.list(PROCESS.resolve("fd"))) {
            return links.map(OpenFiles::target).toList();
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            // Closed since it was listed.
            return "";
        }
    }
}
