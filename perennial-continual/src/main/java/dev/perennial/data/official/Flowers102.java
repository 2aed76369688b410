package dev.perennial.data.official;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Oxford 102 Flower: {@code imagelabels.mat} and {@code setid.mat} beside {@code jpg/image_00001.jpg} (Nilsback and Zisserman 2008).
 * Training uses the official {@code trnid}, 10 pictures a class.
 */
final class Flowers102 implements OfficialLayout {
    @Override
    public List<String> splits() {
        return List.of("train", "val", "test");
    }

    @Override
    public Listing list(Path root, String split) {
        Folder folder = Folder.with(root, "setid.mat", "flowers-102", "flowers102");
        String set = switch (split) {
            case "train" -> "trnid";
            case "val" -> "valid";
            default -> "tstid";
        };
        int[] labels = MatVariables.of(folder.file("imagelabels.mat")).integers("labels");
        Prompts prompts = Prompts.of("flowers102");
        List<Listing.Entry> entries = new ArrayList<>();
        for (int id : MatVariables.of(folder.file("setid.mat")).integers(set)) {
            int label = id >= 1 && id <= labels.length ? labels[id - 1] - 1 : -1;
            if (label < 0 || label >= prompts.classes().size()) {
                throw new IllegalArgumentException(folder.file("imagelabels.mat") + ": picture " + id + " of " + set
                        + " has no label from 1 to " + prompts.classes().size());
            }
            String name = String.format(Locale.ROOT, "image_%05d.jpg", id);
            entries.add(new Listing.Entry(name, label, new Picture.InFile(folder.file("jpg/" + name))));
        }
        return new Listing(prompts.classes(), prompts.templates(), entries);
    }
}
