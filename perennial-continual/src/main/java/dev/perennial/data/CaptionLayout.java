package dev.perennial.data;

import dev.perennial.clip.guard.BoundedFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What the published layouts of captioned photographs have in common: a list of captions, and images in a folder beside it. */
final class CaptionLayout {
    /** The largest published list, that of COCO's Karpathy splits, has 144 MB. */
    private static final long MAX_BYTES = 1L << 30;

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Map<String, Map<String, List<String>>> captions = new LinkedHashMap<>();
    private final Path source;

    /** Starts a data set whose captions come from a file or folder. */
    CaptionLayout(Path source) {
        this.source = source;
    }

    /** Reads a JSON file into records, which check what they need; members that they do not name are left out. */
    static <T> T json(Path file, Class<T> type) {
        try {
            BoundedFile.requireRegular(file);
            if (Files.size(file) > MAX_BYTES) {
                throw new DatasetException(file + ": has more than " + MAX_BYTES + " bytes");
            }
            try (InputStream in = Files.newInputStream(file)) {
                return JSON.readValue(in, type);
            }
        } catch (IOException e) {
            throw new DatasetException(file + ": cannot be read (" + e.getMessage() + ")", e);
        } catch (JacksonException e) {
            throw new DatasetException(file + ": is not of the published form (" + e.getOriginalMessage() + ")", e);
        }
    }

    /** Returns a member that must be there. */
    static <T> T required(@Nullable T member, String name) {
        if (member == null) {
            throw new IllegalArgumentException("'" + name + "' is missing");
        }
        return member;
    }

    /** Adds an image, with a caption or without. */
    CaptionLayout image(String path) {
        captions.computeIfAbsent(path, _ -> new LinkedHashMap<>());
        return this;
    }

    /** Adds a caption to an image. */
    void caption(String path, String language, String caption) {
        captions.computeIfAbsent(path, _ -> new LinkedHashMap<>())
                .computeIfAbsent(language, _ -> new ArrayList<>())
                .add(caption.strip());
    }

    /**
     * Returns the data set; an image that is missing is a bad sample.
     *
     * @param folders where images may lie, relative to {@code root}; the first that has the first image is it
     */
    Dataset dataset(String name, String split, Path root, List<String> folders, String hash) {
        if (captions.isEmpty()) {
            throw new DatasetException(
                    source + ": lists no image" + (split.isEmpty() ? "" : " of split '" + split + "'"));
        }
        String first = captions.keySet().iterator().next();
        Path images = folders.stream()
                .map(root::resolve)
                .filter(folder ->
                        within(folder, first).filter(Files::isRegularFile).isPresent())
                .findFirst()
                .orElseThrow(() -> new DatasetException(source + ": there is no image " + first + " in " + root
                        + " or its folders " + folders + "; unpack the images there"));
        Set<String> languages = new LinkedHashSet<>();
        List<FileImage> files = new ArrayList<>();
        captions.forEach((path, texts) -> {
            languages.addAll(texts.keySet());
            files.add(within(images, path)
                    .map(file -> new FileImage(
                            path,
                            file,
                            SampleRecord.EMPTY.withCaptions(Collections.unmodifiableMap(texts)),
                            Optional.empty()))
                    .orElseGet(() -> FileImage.faulty(path, source, "its path leaves the folder of the images")));
        });
        var info = new DatasetInfo(name, split, List.of(), List.of(), List.copyOf(languages));
        return new FileDataset(info, files, hash);
    }

    private static Optional<Path> within(Path folder, String path) {
        try {
            Path file = folder.resolve(path).normalize();
            return file.startsWith(folder.normalize()) ? Optional.of(file) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** Returns the folder that a file lies in. */
    static Path folderOf(Path file) {
        Path parent = file.toAbsolutePath().normalize().getParent();
        return parent == null ? Path.of(".") : parent;
    }

    /** Returns the files of a folder whose name matches, in order of name. */
    static List<Path> files(Path folder, String pattern) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().matches(pattern))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new DatasetException(folder + ": cannot be listed", e);
        }
    }
}
