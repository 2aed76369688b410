package dev.perennial.data.official;

import java.nio.file.Path;
import java.util.List;

/** How a public data set lies on disk once its archives are unpacked, as torchvision expects it too. */
public interface OfficialLayout {
    /** Returns the splits there are; {@code train} and {@code test} are those of the MTIL benchmark. */
    default List<String> splits() {
        return List.of("train", "test");
    }

    /**
     * Lists a split.
     *
     * @param root the folder of the data set, or the folder that torchvision keeps it in
     * @param split one of {@link #splits()}
     * @throws IllegalArgumentException if the folder does not hold the data set in this layout; the message names what is missing
     */
    Listing list(Path root, String split);
}
