package dev.perennial.data.official;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** FGVC-Aircraft 2013b: {@code data/images_variant_<split>.txt} beside {@code data/images} (Maji et al., arXiv 1306.5151). */
final class Aircraft implements OfficialLayout {
    @Override
    public List<String> splits() {
        return List.of("train", "val", "test");
    }

    @Override
    public Listing list(Path root, String split) {
        Folder folder = Folder.with(root, "data/variants.txt", "fgvc-aircraft-2013b");
        List<String> variants = folder.lines("data/variants.txt");
        List<Listing.Entry> entries = new ArrayList<>();
        String list = "data/images_variant_" + split + ".txt";
        for (String line : folder.lines(list)) {
            String[] parts = line.split(" ", 2);
            int label = parts.length == 2 ? variants.indexOf(parts[1]) : -1;
            if (label < 0) {
                throw new IllegalArgumentException(
                        folder.file(list) + ": \"" + line + "\" names no variant of data/variants.txt");
            }
            entries.add(new Listing.Entry(
                    parts[0], label, new Picture.InFile(folder.file("data/images/" + parts[0] + ".jpg"))));
        }
        return new Listing(variants, Prompts.of("aircraft").templates(), entries);
    }
}
