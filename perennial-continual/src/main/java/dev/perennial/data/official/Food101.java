package dev.perennial.data.official;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Food-101: {@code meta/<split>.txt} beside {@code images/<class>/<id>.jpg} (Bossard et al. 2014). */
final class Food101 implements OfficialLayout {
    @Override
    public Listing list(Path root, String split) {
        Folder folder = Folder.with(root, "meta/classes.txt", "food-101");
        List<String> classes =
                folder.lines("meta/classes.txt").stream().sorted().toList();
        List<Listing.Entry> entries = new ArrayList<>();
        String list = "meta/" + split + ".txt";
        for (String image : folder.lines(list)) {
            int label = classes.indexOf(image.substring(0, Math.max(0, image.indexOf('/'))));
            if (label < 0) {
                throw new IllegalArgumentException(
                        folder.file(list) + ": \"" + image + "\" is of no class of meta/classes.txt");
            }
            entries.add(new Listing.Entry(image, label, new Picture.InFile(folder.file("images/" + image + ".jpg"))));
        }
        return new Listing(Prompts.spaced(classes), Prompts.of("food101").templates(), entries);
    }
}
