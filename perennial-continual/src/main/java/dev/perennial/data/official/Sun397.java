package dev.perennial.data.official;

import java.nio.file.Path;
import java.util.List;

/**
 * SUN397: {@code ClassName_SUN397.txt} with lines such as {@code /a/apartment_building/outdoor}, and the pictures below these folders
 * (Xiao et al. 2010). It has no split that ZSCL uses; ZSCL draws one over the order of torchvision's directory walk, which no two
 * machines share, so the order of path is used here.
 */
final class Sun397 implements OfficialLayout {
    private static final String CLASSES = "ClassName_SUN397.txt";

    @Override
    public Listing list(Path root, String split) {
        Folder folder = Folder.with(root, CLASSES, "SUN397");
        // "/a/abbey": the first letter is a folder and no part of the name.
        List<String> paths =
                folder.lines(CLASSES).stream().map(line -> line.substring(1)).toList();
        List<Listing.Entry> all = ClassFolders.list(folder, paths).stream()
                .sorted((one, other) -> one.key().compareTo(other.key()))
                .toList();
        List<String> names = paths.stream().map(path -> path.substring(2)).toList();
        return new Listing(Prompts.spaced(names), Prompts.of("sun397").templates(), RandomSplit.of(all, split));
    }
}
