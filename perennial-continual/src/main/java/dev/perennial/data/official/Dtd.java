package dev.perennial.data.official;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Describable Textures, partition 1: {@code labels/<split>1.txt} beside {@code images} (Cimpoi et al., arXiv 1311.3618). */
final class Dtd implements OfficialLayout {
    @Override
    public List<String> splits() {
        return List.of("train", "val", "test");
    }

    @Override
    public Listing list(Path root, String split) {
        Folder folder = Folder.with(root, "labels/train1.txt", "dtd", "dtd/dtd");
        List<String> images = folder.lines("labels/" + split + "1.txt");
        List<String> classes =
                List.copyOf(new TreeSet<>(images.stream().map(Dtd::textureOf).toList()));
        List<Listing.Entry> entries = new ArrayList<>();
        for (String image : images) {
            entries.add(new Listing.Entry(
                    image, classes.indexOf(textureOf(image)), new Picture.InFile(folder.file("images/" + image))));
        }
        return new Listing(Prompts.spaced(classes), Prompts.of("dtd").templates(), entries);
    }

    private static String textureOf(String image) {
        return image.substring(0, Math.max(0, image.indexOf('/')));
    }
}
