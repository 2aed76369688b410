package dev.perennial.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Opens folders of image files: {@code <split>/<class>/image.jpg}, {@code <class>/image.jpg}, or images without classes.
 *
 * <p>Classes are the sub-folders in order of name, those of the other splits included so that labels agree; underscores in
 * class names count as spaces.
 */
public final class FolderReader {
    private static final int MAX_DEPTH = 16;

    private FolderReader() {}

    /**
     * Opens one split.
     *
     * @param split name of a sub-folder; empty if the folder has no splits
     * @throws DatasetException if there is no such folder, or no image in it or in one of its classes
     */
    public static Dataset open(Path folder, String split) {
        Path root = split.isEmpty() ? folder : folder.resolve(split);
        if (!Files.isDirectory(root)) {
            throw new DatasetException(root + ": there is no such folder");
        }
        List<String> classFolders = split.isEmpty() ? subfolders(root) : classesOfAllSplits(folder, split);
        var images = new ArrayList<FileImage>();
        var empty = new ArrayList<Path>();
        for (String classFolder : classFolders) {
            Path classRoot = root.resolve(classFolder);
            if (Files.isDirectory(classRoot)) {
                String className = className(classFolder);
                List<Path> files = ImageFiles.below(classRoot, MAX_DEPTH);
                files.forEach(file -> images.add(FileImage.of(root, file, SampleRecord.EMPTY.withClass(className))));
                if (files.isEmpty()) {
                    empty.add(classRoot);
                }
            }
        }
        boolean labelled = !images.isEmpty();
        if (labelled && !empty.isEmpty()) {
            throw new DatasetException(empty.getFirst() + ": a class without images; add some or remove the folder");
        }
        if (!labelled) {
            ImageFiles.below(root, 1).forEach(file -> images.add(FileImage.of(root, file, SampleRecord.EMPTY)));
        }
        if (images.isEmpty()) {
            throw new DatasetException(root + ": holds no images, neither directly nor in folders named by class");
        }
        List<String> classNames =
                labelled ? classFolders.stream().map(FolderReader::className).toList() : List.of();
        String name = folder.toAbsolutePath().normalize().getFileName().toString();
        return new FileDataset(new DatasetInfo(name, split, classNames, List.of(), List.of()), images, "folder");
    }

    private static List<String> classesOfAllSplits(Path folder, String split) {
        var classes = new TreeSet<>(subfolders(folder.resolve(split)));
        splits(folder).forEach(other -> classes.addAll(subfolders(folder.resolve(other))));
        return List.copyOf(classes);
    }

    /** Returns the sub-folders that are named as splits usually are. */
    static List<String> splits(Path folder) {
        return Splits.USUAL.stream()
                .filter(split -> Files.isDirectory(folder.resolve(split)))
                .toList();
    }

    private static String className(String folder) {
        return folder.replace('_', ' ');
    }

    private static List<String> subfolders(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> Files.isDirectory(file) && isVisible(file))
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    private static boolean isVisible(Path file) {
        return !file.getFileName().toString().startsWith(".");
    }
}
