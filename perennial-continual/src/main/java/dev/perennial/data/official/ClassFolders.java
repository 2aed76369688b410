package dev.perennial.data.official;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Pictures in one folder for each class, both in order of name. */
final class ClassFolders {
    private ClassFolders() {}

    /** Lists all pictures; labels count the folders. */
    static List<Listing.Entry> list(Folder root, List<String> folders) {
        List<Listing.Entry> entries = new ArrayList<>();
        for (int label = 0; label < folders.size(); label++) {
            String folder = folders.get(label);
            for (String file : root.files(folder)) {
                String name = file.toLowerCase(Locale.ROOT);
                if (name.endsWith(".jpg") || name.endsWith(".jpeg") || name.endsWith(".png")) {
                    String key = folder + "/" + file;
                    entries.add(new Listing.Entry(key, label, new Picture.InFile(root.file(key))));
                }
            }
        }
        return entries;
    }
}
