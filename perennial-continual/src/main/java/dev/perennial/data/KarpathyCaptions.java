package dev.perennial.data;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Karpathy's splits of Flickr8k, Flickr30k and COCO (Karpathy and Fei-Fei 2015, arXiv 1412.2306): {@code dataset_flickr30k.json} and the
 * like, with the images beside it.
 */
final class KarpathyCaptions {
    private KarpathyCaptions() {}

    /** The JSON file, as far as it is needed. */
    record Listing(String dataset, List<Image> images) {
        Listing {
            CaptionLayout.required(dataset, "dataset");
            CaptionLayout.required(images, "images");
        }
    }

    /** An image; {@code filepath} is the folder of COCO's images. */
    record Image(Optional<String> filepath, String filename, String split, List<Sentence> sentences) {
        Image {
            CaptionLayout.required(filename, "filename");
            CaptionLayout.required(split, "split");
            CaptionLayout.required(sentences, "sentences");
        }
    }

    /** A caption. */
    record Sentence(@JsonProperty("raw") String text) {
        Sentence {
            CaptionLayout.required(text, "raw");
        }
    }

    static DatasetSource source(Path path) {
        Path file = file(path);
        return new DatasetSource(
                split -> open(file, split),
                () -> read(file).images().stream()
                        .map(Image::split)
                        .distinct()
                        .sorted()
                        .toList());
    }

    private static Path file(Path path) {
        if (path.toString().endsWith(".json")) {
            return path;
        }
        List<Path> files = CaptionLayout.files(path, "dataset_\\w+\\.json");
        if (files.size() != 1) {
            throw new DatasetException(
                    path + ": holds " + files.size() + " files such as dataset_flickr30k.json; state the path of one");
        }
        return files.getFirst();
    }

    private static Listing read(Path file) {
        return CaptionLayout.json(file, Listing.class);
    }

    private static Dataset open(Path file, String split) {
        Listing listing = read(file);
        var layout = new CaptionLayout(file);
        for (Image image : listing.images()) {
            if (split.isEmpty() || image.split().equals(split)) {
                String path = image.filepath().map(folder -> folder + "/").orElse("") + image.filename();
                layout.image(path);
                image.sentences().forEach(sentence -> layout.caption(path, "en", sentence.text()));
            }
        }
        List<String> folders = List.of(
                ".", "images", "flickr30k-images", "flickr30k_images", "Flicker8k_Dataset", "Flickr8k_Dataset", "..");
        return layout.dataset(
                listing.dataset(), split, CaptionLayout.folderOf(file), folders, ContentHash.ofFile(file));
    }
}
