package dev.perennial.data;

import dev.perennial.clip.guard.BoundedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Token files of Flickr8k and Flickr30k: lines {@code image.jpg#0<tab>caption} in {@code Flickr8k.token.txt} or {@code results.token}; of
 * further languages in files such as {@code results.de.token}; splits in {@code Flickr_8k.testImages.txt} and the like. A text file of
 * lines {@code image.jpg,caption} with a header, as in CLIP_benchmark, is read too.
 */
final class FlickrTokens {
    private static final Pattern TOKEN_FILE = Pattern.compile(".*?(?:\\.([a-z]{2}))?\\.token(?:\\.txt)?");
    private static final Pattern TOKEN_LINE = Pattern.compile("(.+?\\.\\w{3,4})#\\d+(?:#\\w+)?\\t(.*)");
    private static final Pattern COMMA_LINE = Pattern.compile("(.+?\\.jpe?g),(.*)");
    private static final String SPLIT_FILE = ".*?(train|dev|test)Images\\.txt";
    private static final long MAX_BYTES = 256 << 20;

    private FlickrTokens() {}

    static DatasetSource source(Path path) {
        return Files.isDirectory(path)
                ? new DatasetSource(
                        split -> open(path, split),
                        () -> List.copyOf(splits(path).keySet()))
                : new DatasetSource(
                        split -> dataset(path, split, CaptionLayout.folderOf(path), Map.of("en", path), Set.of()),
                        List::of);
    }

    private static Map<String, Path> splits(Path folder) {
        Map<String, Path> splits = new LinkedHashMap<>();
        Pattern pattern = Pattern.compile(SPLIT_FILE);
        for (Path file : CaptionLayout.files(folder, SPLIT_FILE)) {
            Matcher matcher = pattern.matcher(file.getFileName().toString());
            if (matcher.matches()) {
                splits.put(matcher.group(1), file);
            }
        }
        return splits;
    }

    private static Dataset open(Path folder, String split) {
        Map<String, Path> files = new LinkedHashMap<>();
        for (Path file : CaptionLayout.files(folder, TOKEN_FILE.pattern())) {
            Matcher matcher = TOKEN_FILE.matcher(file.getFileName().toString());
            if (matcher.matches()) {
                String language = matcher.group(1) == null ? "en" : matcher.group(1);
                if (files.put(language, file) != null) {
                    throw new DatasetException(folder + ": two token files hold captions in '" + language + "'");
                }
            }
        }
        if (files.isEmpty()) {
            throw new DatasetException(folder + ": holds no token file such as results.token or Flickr8k.token.txt");
        }
        Path list = splits(folder).get(split);
        if (list == null && !split.isEmpty()) {
            throw new DatasetException(
                    folder + ": has no list of split '" + split + "' such as Flickr_8k.testImages.txt");
        }
        Set<String> wanted = list == null
                ? Set.of()
                : lines(list).stream()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .collect(Collectors.toSet());
        return dataset(folder, split, folder, files, wanted);
    }

    private static Dataset dataset(Path source, String split, Path root, Map<String, Path> files, Set<String> wanted) {
        var layout = new CaptionLayout(source);
        var hash = new ContentHash().add(split);
        files.forEach((language, file) -> {
            read(file, language, wanted, layout);
            hash.add(language).add(ContentHash.ofFile(file));
        });
        hash.add(wanted.stream().sorted().toList());
        List<String> folders = List.of(
                "images",
                "flickr30k-images",
                "flickr30k_images",
                "Flicker8k_Dataset",
                "Flickr8k_Dataset",
                "Images",
                ".");
        return layout.dataset("flickr", split, root, folders, hash.hex());
    }

    private static void read(Path file, String language, Set<String> wanted, CaptionLayout layout) {
        List<String> lines = lines(file);
        Pattern form = !lines.isEmpty() && TOKEN_LINE.matcher(lines.getFirst()).matches() ? TOKEN_LINE : COMMA_LINE;
        // The form with commas has a header.
        int number = form == COMMA_LINE ? 1 : 0;
        for (String line : lines.subList(Math.min(number, lines.size()), lines.size())) {
            number++;
            Matcher matcher = form.matcher(line);
            if (line.isBlank()) {
                continue;
            }
            if (!matcher.matches()) {
                throw new DatasetException(file + ": line " + number + " is not an image and a caption");
            }
            if (wanted.isEmpty() || wanted.contains(matcher.group(1))) {
                layout.caption(matcher.group(1), language, matcher.group(2));
            }
        }
    }

    private static List<String> lines(Path file) {
        try {
            return BoundedFile.text(file, MAX_BYTES).lines().toList();
        } catch (IOException e) {
            throw new DatasetException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }
}
