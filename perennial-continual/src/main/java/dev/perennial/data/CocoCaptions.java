package dev.perennial.data;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * COCO captions (Chen et al. 2015, arXiv 1504.00325): {@code annotations/captions_val2014.json} with {@code val2014/}, the split being
 * {@code val2014}; or one such JSON file, as CLIP_benchmark has of the Karpathy test split.
 */
final class CocoCaptions {
    private static final Pattern FILE = Pattern.compile("captions_(\\w+)\\.json");

    private CocoCaptions() {}

    /** The JSON file, as far as it is needed. */
    record Annotations(List<Image> images, List<Annotation> annotations) {
        Annotations {
            CaptionLayout.required(images, "images");
            CaptionLayout.required(annotations, "annotations");
        }
    }

    /** An image. */
    record Image(Long id, @JsonProperty("file_name") String fileName) {
        Image {
            CaptionLayout.required(id, "id");
            CaptionLayout.required(fileName, "file_name");
        }
    }

    /** A caption. */
    record Annotation(@JsonProperty("image_id") Long imageId, String caption) {
        Annotation {
            CaptionLayout.required(imageId, "image_id");
            CaptionLayout.required(caption, "caption");
        }
    }

    static DatasetSource source(Path path) {
        return Files.isDirectory(path)
                ? new DatasetSource(split -> open(file(path, split), split, path), () -> splits(path))
                : new DatasetSource(split -> open(path, split, CaptionLayout.folderOf(path)), List::of);
    }

    private static List<String> splits(Path folder) {
        Path annotations = folder.resolve("annotations");
        if (!Files.isDirectory(annotations)) {
            throw new DatasetException(folder + ": has no folder 'annotations'; is this COCO?");
        }
        return CaptionLayout.files(annotations, FILE.pattern()).stream()
                .map(file -> FILE.matcher(file.getFileName().toString()))
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1))
                .toList();
    }

    private static Path file(Path folder, String split) {
        if (!splits(folder).contains(split)) {
            throw new DatasetException(
                    folder + ": has no captions of split '" + split + "'; there are " + splits(folder));
        }
        return folder.resolve("annotations").resolve("captions_" + split + ".json");
    }

    private static Dataset open(Path file, String split, Path root) {
        Annotations listed = CaptionLayout.json(file, Annotations.class);
        var layout = new CaptionLayout(file);
        Map<Long, String> names = new HashMap<>();
        for (Image image : listed.images()) {
            layout.image(image.fileName());
            if (names.put(image.id(), image.fileName()) != null) {
                throw new DatasetException(file + ": two images have the id " + image.id());
            }
        }
        for (Annotation annotation : listed.annotations()) {
            String name = Optional.ofNullable(names.get(annotation.imageId()))
                    .orElseThrow(() -> new DatasetException(
                            file + ": a caption is of image " + annotation.imageId() + ", which is not listed"));
            layout.caption(name, "en", annotation.caption());
        }
        List<String> folders = List.of(
                split.isEmpty() ? "val2014" : split,
                "images",
                ".",
                "val2014",
                "../val2014",
                "train2014",
                "../images",
                "val2017",
                "../val2017");
        return layout.dataset("coco-captions", split, root, folders, ContentHash.ofFile(file));
    }
}
