package dev.perennial.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Opens image files and folders as one data set without classes. */
public final class ImageList {
    private static final String NAME = "images";

    private ImageList() {}

    /**
     * Opens the images, each once, in the order given; those of a folder are all below it, in order of path.
     *
     * <p>The key of a sample is the path of its file. A file that is missing is a bad sample.
     *
     * @throws DatasetException if there is no image, or a folder holds none
     */
    public static Dataset open(List<Path> filesAndFolders) {
        Set<Path> files = new LinkedHashSet<>();
        for (Path path : filesAndFolders) {
            if (Files.isDirectory(path)) {
                files.addAll(imagesBelow(path));
            } else {
                files.add(path);
            }
        }
        if (files.isEmpty()) {
            throw new DatasetException("there are no images; give at least one file or folder");
        }
        List<FileImage> images = files.stream()
                .map(file -> new FileImage(file.toString(), file, SampleRecord.EMPTY, Optional.empty()))
                .toList();
        return new FileDataset(new DatasetInfo(NAME, "", List.of(), List.of(), List.of()), images, NAME);
    }

    private static List<Path> imagesBelow(Path folder) {
        List<Path> images = ImageFiles.below(folder, Integer.MAX_VALUE);
        if (images.isEmpty()) {
            throw new DatasetException(folder + ": holds no images (jpg, png, webp, bmp or gif)");
        }
        return images;
    }
}
