package dev.perennial.clip.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The golden cases in the folder named by the system property {@code perennial.golden}, or else those in the test resources under
 * {@code /golden} of every module on the class path.
 */
public final class GoldenCases {
    private GoldenCases() {}

    /**
     * Returns the cases whose folder, or whose {@code case} field, is one of the kinds or starts with one and a hyphen.
     *
     * @throws IllegalStateException if a matching case cannot be read, or none of the bundled ones matches
     */
    public static Stream<GoldenCase> ofKind(String... kinds) {
        String outside = System.getProperty("perennial.golden", "");
        Map<String, Path> folders = outside.isEmpty() ? bundledFolders() : foldersOf(List.of(Path.of(outside)));
        List<GoldenCase> found = folders.values().stream()
                .filter(folder -> matches(folder.getFileName().toString(), kinds)
                        || GoldenCase.statedKind(folder)
                                .filter(kind -> matches(kind, kinds))
                                .isPresent())
                .map(GoldenCase::open)
                .toList();
        if (found.isEmpty() && outside.isEmpty()) {
            throw new IllegalStateException("no bundled golden case of kind " + Arrays.toString(kinds));
        }
        return found.stream();
    }

    private static boolean matches(String name, String[] kinds) {
        return Arrays.stream(kinds).anyMatch(kind -> name.equals(kind) || name.startsWith(kind + "-"));
    }

    private static Map<String, Path> foldersOf(List<Path> roots) {
        Map<String, Path> folders = new TreeMap<>();
        for (Path root : roots) {
            try (Stream<Path> children = Files.list(root)) {
                children.filter(Files::isDirectory)
                        .forEach(folder ->
                                folders.putIfAbsent(folder.getFileName().toString(), folder));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot list the golden cases of " + root, e);
            }
        }
        return folders;
    }

    private static Map<String, Path> bundledFolders() {
        List<Path> roots = new ArrayList<>();
        try {
            for (URL url : Collections.list(GoldenCases.class.getClassLoader().getResources("golden"))) {
                URI uri = url.toURI();
                roots.add(uri.getScheme().equals("jar") ? Unpacked.of(uri) : Path.of(uri));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot find the bundled golden cases", e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("cannot find the bundled golden cases", e);
        }
        return foldersOf(roots);
    }

    /** Cases packed in a test jar, copied out because only real files can be mapped. */
    private static final class Unpacked {
        static Path of(URI uri) throws IOException {
            Path copy = Files.createTempDirectory("golden");
            try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of());
                    Stream<Path> entries = Files.walk(jar.getPath("/golden"))) {
                for (Path entry : entries.toList()) {
                    Path target = copy.resolve(
                            jar.getPath("/golden").relativize(entry).toString());
                    target.toFile().deleteOnExit();
                    if (Files.isDirectory(entry)) {
                        Files.createDirectories(target);
                    } else {
                        Files.copy(entry, target);
                    }
                }
            }
            return copy;
        }
    }
}
