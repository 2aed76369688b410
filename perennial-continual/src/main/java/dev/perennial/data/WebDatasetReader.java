package dev.perennial.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Opens data sets of WebDataset shards: tar files, plain or gzip-packed, in which {@code 0001.jpg}, {@code 0001.json},
 * {@code 0001.cls} and {@code 0001.txt} make up one sample.
 *
 * <p>Plain tars are read in place; packed ones are unpacked once into a cache folder. Only the places of the members are
 * held in memory.
 */
public final class WebDatasetReader {
    private static final Pattern SHARD = Pattern.compile(".+\\.(tar|tar\\.gz|tgz)");

    private WebDatasetReader() {}

    /**
     * Opens one split of a folder. With a {@code dataset.json} its shards, counts, hashes and class names hold; without one
     * the shards are the files {@code <split>-*.tar} or {@code <split>-*.tar.gz}.
     *
     * @param split such as {@code train}; empty to take all shards of a folder without {@code dataset.json}
     * @throws DatasetException if there is no such split, or a shard is damaged, hostile, empty or not the stated one
     */
    public static Dataset open(Path folder, String split, ShardOptions options) {
        Path file = folder.resolve(WebDatasetManifest.FILE);
        if (!Files.isRegularFile(file)) {
            var info = new DatasetInfo(
                    folder.toAbsolutePath().normalize().getFileName().toString(),
                    split,
                    List.of(),
                    List.of(),
                    List.of());
            return open(shards(folder, split), info, options);
        }
        var manifest = WebDatasetManifest.read(file);
        var described = Optional.ofNullable(manifest.splits().get(split));
        if (described.isEmpty() && !manifest.splits().isEmpty()) {
            throw new DatasetException("%s: has no split \"%s\"; it has %s"
                    .formatted(file, split, String.join(", ", manifest.splits().keySet())));
        }
        var info =
                new DatasetInfo(manifest.name(), split, manifest.classes(), manifest.templates(), manifest.languages());
        if (described.isEmpty()) {
            return open(shards(folder, split), info, options);
        }
        return open(folder, described.get(), info, options);
    }

    private static Dataset open(Path folder, WebDatasetManifest.Split split, DatasetInfo info, ShardOptions options) {
        List<Path> files = split.shards().stream().map(folder::resolve).toList();
        for (int i = 0; i < files.size(); i++) {
            Optional<Long> declared = WebDatasetManifest.at(split.bytes(), i);
            long actual = size(files.get(i));
            if (declared.filter(bytes -> bytes != actual).isPresent()) {
                throw new DatasetException(files.get(i) + ": has " + actual + " bytes but dataset.json states "
                        + declared.get() + "; it is cut off or was changed, fetch it again");
            }
        }
        var dataset = new ShardedDataset(open(files, split.sha256(), options), info);
        if (split.count().isPresent() && split.count().getAsInt() != dataset.size()) {
            dataset.close();
            throw new DatasetException("%s: dataset.json states %d samples in split %s but the shards hold %d"
                    .formatted(folder, split.count().getAsInt(), info.split(), dataset.size()));
        }
        return dataset;
    }

    /**
     * Opens a list of shards as one data set. Class names and languages that are not given are those that the samples
     * imply: class names by label number; a data set whose samples have class names but no numbers is unlabelled, and
     * {@link Dataset#relabel} by {@code class} labels it.
     *
     * @throws DatasetException if a shard is damaged, hostile or empty
     */
    public static Dataset open(List<Path> shards, DatasetInfo info, ShardOptions options) {
        if (shards.isEmpty()) {
            throw new DatasetException(info.title() + ": a data set needs at least one shard");
        }
        shards.forEach(WebDatasetReader::size);
        List<Shard> opened = open(shards, List.of(), options);
        try {
            return new ShardedDataset(opened, completed(info, opened));
        } catch (RuntimeException e) {
            opened.forEach(Shard::close);
            throw e;
        }
    }

    private static List<Shard> open(List<Path> files, List<String> hashes, ShardOptions options) {
        var opened = new ArrayList<Shard>();
        try {
            for (int i = 0; i < files.size(); i++) {
                opened.add(Shard.open(files.get(i), WebDatasetManifest.at(hashes, i), options));
            }
            return opened;
        } catch (RuntimeException e) {
            opened.forEach(Shard::close);
            throw e;
        }
    }

    private static DatasetInfo completed(DatasetInfo info, List<Shard> shards) {
        var implied = new ImpliedInfo();
        for (Shard shard : shards) {
            for (Shard.Entry entry : shard.entries()) {
                try {
                    implied.add(shard.sampleRecord(
                            entry,
                            "en",
                            reason -> new BadSampleException(new BadSample(info.title(), entry.key(), reason))));
                } catch (BadSampleException e) {
                    // It implies nothing; whoever asks for it is told.
                }
            }
        }
        return new DatasetInfo(
                info.name(),
                info.split(),
                info.classNames().isEmpty() ? implied.classNamesByLabel(info.title()) : info.classNames(),
                info.templates(),
                info.languages().isEmpty() ? implied.languages() : info.languages());
    }

    /** Returns whether a file name is that of a shard. */
    static boolean isShard(Path file) {
        return SHARD.matcher(file.getFileName().toString()).matches();
    }

    /** Returns the shards of a folder in order of name. */
    static List<Path> shardsIn(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(WebDatasetReader::isShard).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    /** Returns the splits of a folder, as stated or else as the names of its shards begin. */
    static List<String> splits(Path folder) {
        Path file = folder.resolve(WebDatasetManifest.FILE);
        if (Files.isRegularFile(file)) {
            return List.copyOf(WebDatasetManifest.read(file).splits().keySet());
        }
        return shardsIn(folder).stream()
                .map(shard -> shard.getFileName().toString().replaceFirst("[-_.\\d].*", ""))
                .filter(Splits.USUAL::contains)
                .distinct()
                .toList();
    }

    private static List<Path> shards(Path folder, String split) {
        List<Path> all = shardsIn(folder);
        Pattern wanted = Pattern.compile(Pattern.quote(split) + "([-_.].*|\\d.*)");
        List<Path> found = split.isEmpty()
                ? all
                : all.stream()
                        .filter(file ->
                                wanted.matcher(file.getFileName().toString()).matches())
                        .toList();
        if (found.isEmpty()) {
            throw new DatasetException("%s: has no shards of split \"%s\" (files such as %s-00000.tar); it holds %s"
                    .formatted(folder, split, split.isEmpty() ? "train" : split, summary(all)));
        }
        return found;
    }

    private static String summary(List<Path> files) {
        String names = IntStream.range(0, Math.min(5, files.size()))
                .mapToObj(i -> files.get(i).getFileName().toString())
                .collect(Collectors.joining(", "));
        return files.isEmpty() ? "no shards at all" : names + (files.size() > 5 ? ", ..." : "");
    }

    private static long size(Path shard) {
        try {
            return Files.size(shard);
        } catch (IOException e) {
            throw new DatasetException(shard + ": this shard is missing or cannot be read", e);
        }
    }
}
