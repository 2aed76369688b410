package dev.perennial.data.official;

import java.nio.file.Path;
import java.util.List;

/**
 * Caltech-101: {@code 101_ObjectCategories/<category>/image_0001.jpg}, without the background (Fei-Fei et al. 2004). It has no
 * split; ZSCL draws one.
 */
final class Caltech101 implements OfficialLayout {
    private static final String BACKGROUND = "BACKGROUND_Google";
    private static final String CATEGORIES = "101_ObjectCategories";

    @Override
    public Listing list(Path root, String split) {
        Folder folder = new Folder(
                Folder.with(root, CATEGORIES, "caltech101", "caltech-101").file(CATEGORIES));
        List<String> categories = folder.subfolders().stream()
                .filter(name -> !name.equals(BACKGROUND))
                .toList();
        Prompts prompts = Prompts.of("caltech101");
        if (categories.size() != prompts.classes().size()) {
            throw new IllegalArgumentException(folder.path() + ": has " + categories.size() + " categories instead of "
                    + prompts.classes().size() + "; unpack the whole archive");
        }
        return new Listing(
                prompts.classes(), prompts.templates(), RandomSplit.of(ClassFolders.list(folder, categories), split));
    }
}
