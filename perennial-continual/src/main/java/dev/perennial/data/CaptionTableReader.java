package dev.perennial.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Opens tables (CSV or TSV with a header, or Parquet) of image paths with captions, labels or both.
 *
 * <p>Rows of the same image make one sample with all their captions. Classes written as text get labels in order of name,
 * over all splits. A row that cannot be used is a bad sample.
 */
public final class CaptionTableReader {
    private CaptionTableReader() {}

    /**
     * Opens one split: the rows of a table whose split column says so, or a table {@code <split>.csv},
     * {@code <split>.tsv} or {@code <split>.parquet} of a folder.
     *
     * @param path a table, or a folder with a table for each split
     * @param split name of the split; empty to take all rows of a table
     * @throws DatasetException if there is no such table, split or column, or the table is malformed
     */
    public static Dataset open(Path path, String split, TableColumns columns) {
        boolean folder = Files.isDirectory(path);
        Path file = folder ? tableOf(path, split) : path;
        var rows = TableRows.of(Table.read(file), columns);
        List<FileImage> images = rows.images(folder ? "" : split);
        if (images.isEmpty()) {
            throw new DatasetException(file + ": has no rows" + (split.isEmpty() ? "" : " of split \"" + split + "\""));
        }
        var all = new ImpliedInfo();
        rows.records().forEach(all::add);
        if (folder) {
            otherTables(path, file)
                    .forEach(other ->
                            TableRows.of(Table.read(other), columns).records().forEach(all::add));
        }
        List<String> classNames = all.hasLabels() ? all.classNamesByLabel(file.toString()) : all.sortedClassNames();
        var ofSplit = new ImpliedInfo();
        images.forEach(image -> ofSplit.add(image.sampleRecord()));
        var info = new DatasetInfo(name(path), split, classNames, List.of(), ofSplit.languages());
        return new FileDataset(info, images, ContentHash.ofFile(file));
    }

    /** Returns the splits that a table or a folder of tables has; none if it is not split. */
    static List<String> splits(Path path, TableColumns columns) {
        if (Files.isDirectory(path)) {
            return Splits.USUAL.stream()
                    .filter(split -> findTable(path, split).isPresent())
                    .toList();
        }
        return TableRows.of(Table.read(path), columns).splits();
    }

    /** Returns the table of a split in a folder. */
    static Optional<Path> findTable(Path folder, String split) {
        return Table.ENDINGS.stream()
                .map(ending -> folder.resolve(split + ending))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private static Path tableOf(Path folder, String split) {
        return findTable(folder, split)
                .orElseThrow(
                        () -> new DatasetException(folder + ": holds no table " + split + ".csv, .tsv or .parquet"));
    }

    private static List<Path> otherTables(Path folder, Path table) {
        return Splits.USUAL.stream()
                .flatMap(split -> findTable(folder, split).stream())
                .filter(other -> !other.equals(table))
                .toList();
    }

    private static String name(Path path) {
        String file = path.toAbsolutePath().normalize().getFileName().toString();
        return Table.isTable(path) ? file.substring(0, file.lastIndexOf('.')) : file;
    }
}
