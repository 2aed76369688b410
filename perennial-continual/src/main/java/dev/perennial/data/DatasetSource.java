package dev.perennial.data;

import dev.perennial.data.official.OfficialLayouts;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Where a data set lies and how it is stored, before a split of it is opened.
 *
 * @param opener opens a split, in the data set's own words
 * @param splitNames gives the splits there are; none if the data set is not split
 */
record DatasetSource(Function<String, Dataset> opener, Supplier<List<String>> splitNames) {
    Dataset open(String split) {
        return opener.apply(split);
    }

    List<String> splits() {
        return splitNames.get();
    }

    static DatasetSource of(DatasetSpec spec, Path baseFolder, Path cacheFolder) {
        var options = new ShardOptions(cacheFolder, spec.verify().orElse(false));
        Path path = path(spec.path(), baseFolder, cacheFolder);
        if (spec.path().matches(".*[*?].*")) {
            return shardList(matching(path), options);
        }
        if (!Files.exists(path)) {
            throw new DatasetException(path + ": there is no such data set");
        }
        TableColumns columns = spec.columns().orElseGet(TableColumns::usual);
        return switch (spec.format().orElseGet(() -> formatOf(path))) {
            case WEBDATASET ->
                Files.isDirectory(path)
                        ? new DatasetSource(
                                split -> WebDatasetReader.open(path, split, options),
                                () -> WebDatasetReader.splits(path))
                        : shardList(List.of(path), options);
            case TABLE ->
                new DatasetSource(
                        split -> CaptionTableReader.open(path, split, columns),
                        () -> CaptionTableReader.splits(path, columns));
            case FOLDER -> new DatasetSource(split -> FolderReader.open(path, split), () -> FolderReader.splits(path));
            case COCO_CAPTIONS -> CocoCaptions.source(path);
            case FLICKR_TOKENS -> FlickrTokens.source(path);
            case KARPATHY -> KarpathyCaptions.source(path);
            case FGVC_AIRCRAFT -> OfficialDataset.source(OfficialLayouts.aircraft(), "fgvc-aircraft", path);
            case CALTECH101 -> OfficialDataset.source(OfficialLayouts.caltech101(), "caltech101", path);
            case CIFAR100 -> OfficialDataset.source(OfficialLayouts.cifar100(), "cifar100", path);
            case DTD -> OfficialDataset.source(OfficialLayouts.dtd(), "dtd", path);
            case EUROSAT -> OfficialDataset.source(OfficialLayouts.euroSat(), "eurosat", path);
            case FLOWERS102 -> OfficialDataset.source(OfficialLayouts.flowers102(), "flowers102", path);
            case FOOD101 -> OfficialDataset.source(OfficialLayouts.food101(), "food101", path);
            case MNIST -> OfficialDataset.source(OfficialLayouts.mnist(), "mnist", path);
            case OXFORD_PETS -> OfficialDataset.source(OfficialLayouts.oxfordPets(), "oxford-pets", path);
            case STANFORD_CARS -> OfficialDataset.source(OfficialLayouts.stanfordCars(), "stanford-cars", path);
            case SUN397 -> OfficialDataset.source(OfficialLayouts.sun397(), "sun397", path);
        };
    }

    private static Path path(String named, Path baseFolder, Path cacheFolder) {
        if (!named.startsWith(BundledData.PREFIX)) {
            return baseFolder.resolve(named).toAbsolutePath().normalize();
        }
        String name = named.substring(BundledData.PREFIX.length());
        List<BundledData> bundles = ServiceLoader.load(BundledData.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        return bundles.stream()
                .flatMap(bundle -> bundle.find(name, cacheFolder).stream())
                .findFirst()
                .orElseThrow(() ->
                        new DatasetException(named + ": no data set of this name ships with the program; known: "
                                + bundles.stream()
                                        .flatMap(bundle -> bundle.names(cacheFolder).stream())
                                        .sorted()
                                        .collect(Collectors.joining(", "))));
    }

    private static DatasetSource shardList(List<Path> shards, ShardOptions options) {
        String folder = folder(shards.getFirst()).getFileName().toString();
        return new DatasetSource(
                split -> WebDatasetReader.open(
                        shards, new DatasetInfo(folder, split, List.of(), List.of(), List.of()), options),
                List::of);
    }

    private static DatasetFormat formatOf(Path path) {
        if (Files.isRegularFile(path)) {
            String name = path.getFileName().toString();
            if (name.equals(WebDatasetManifest.FILE)) {
                throw new DatasetException(path + ": describes the data set of its folder; name the folder");
            }
            if (name.endsWith(".json")) {
                return name.startsWith("dataset_") ? DatasetFormat.KARPATHY : DatasetFormat.COCO_CAPTIONS;
            }
            if (name.matches(".*\\.token(\\.txt)?")) {
                return DatasetFormat.FLICKR_TOKENS;
            }
            if (!Table.isTable(path) && !WebDatasetReader.isShard(path)) {
                throw new DatasetException(
                        path
                                + ": is neither a shard (.tar, .tar.gz), a table (.csv, .tsv, .parquet), nor a list of captions (.json, .token)");
            }
            return Table.isTable(path) ? DatasetFormat.TABLE : DatasetFormat.WEBDATASET;
        }
        if (Files.isRegularFile(path.resolve(WebDatasetManifest.FILE))
                || !WebDatasetReader.shardsIn(path).isEmpty()) {
            return DatasetFormat.WEBDATASET;
        }
        boolean tables = Splits.USUAL.stream()
                .anyMatch(split -> CaptionTableReader.findTable(path, split).isPresent());
        return tables ? DatasetFormat.TABLE : DatasetFormat.FOLDER;
    }

    private static Path folder(Path file) {
        return Objects.requireNonNull(file.getParent(), "an absolute path of a file has a folder");
    }

    private static List<Path> matching(Path pattern) {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern.getFileName());
        List<Path> found = WebDatasetReader.shardsIn(folder(pattern)).stream()
                .filter(file -> matcher.matches(file.getFileName()))
                .toList();
        if (found.isEmpty()) {
            throw new DatasetException(pattern + ": no shard has such a name");
        }
        return found;
    }
}
