package dev.perennial.data.official;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Oxford-IIIT Pet: {@code annotations/trainval.txt} and {@code annotations/test.txt} beside {@code images} (Parkhi et al. 2012). The
 * benchmark trains on {@code trainval}.
 */
final class OxfordPets implements OfficialLayout {
    @Override
    public Listing list(Path root, String split) {
        Folder folder = Folder.with(root, "annotations/trainval.txt", "oxford-iiit-pet");
        String list = "annotations/" + (split.equals("train") ? "trainval" : split) + ".txt";
        Map<Integer, String> breeds = new TreeMap<>();
        List<Listing.Entry> entries = new ArrayList<>();
        for (String line : folder.lines(list)) {
            // "Abyssinian_100 1 1 1": picture, breed counted from 1, species, breed within the species.
            String[] parts = line.split(" ");
            if (line.startsWith("#")) {
                continue;
            }
            if (parts.length < 2 || !parts[1].matches("[1-9]\\d?") || !parts[0].matches("[^_]+(_[^_]+)+")) {
                throw new IllegalArgumentException(
                        folder.file(list) + ": \"" + line + "\" is not a picture with its breed");
            }
            int label = Integer.parseInt(parts[1]) - 1;
            breeds.put(label, breed(parts[0]));
            entries.add(
                    new Listing.Entry(parts[0], label, new Picture.InFile(folder.file("images/" + parts[0] + ".jpg"))));
        }
        List<String> names = List.copyOf(breeds.values());
        if (!breeds.keySet().stream()
                .toList()
                .equals(IntStream.range(0, names.size()).boxed().toList())) {
            throw new IllegalArgumentException(folder.file(list) + ": leaves out breeds; it has " + breeds.keySet());
        }
        return new Listing(names, Prompts.of("pets").templates(), entries);
    }

    /** Returns {@code American Bulldog} for {@code american_bulldog_12}. */
    private static String breed(String picture) {
        return Arrays.stream(picture.substring(0, picture.lastIndexOf('_')).split("_"))
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT)
                        + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" "));
    }
}
