package dev.perennial.data;

import java.nio.file.Path;
import java.util.List;

/** Shards of tiny pictures whose JSON names their colour. */
public final class ColourShards {
    /** The colours of the pictures, in turn. */
    public static final List<String> COLOURS = List.of("red", "yellow", "blue", "green");

    private ColourShards() {}

    /**
     * Writes a whole shard.
     *
     * @param step makes keys and pictures differ from those of other shards
     * @param perColour pictures of each colour
     * @param shift how far names are moved from the colours that they stand for; 0 for right ones
     */
    public static Path write(Path file, int step, int perColour, int shift) {
        var tar = new Tar();
        for (int i = 0; i < perColour; i++) {
            for (int colour = 0; colour < COLOURS.size(); colour++) {
                String key = "%03d-%02d-%d".formatted(step, i, colour);
                tar.file(key + ".png", Pictures.png(COLOURS.get(colour), step * perColour + i))
                        .file(
                                key + ".json",
                                "{\"colour\": \"" + COLOURS.get((colour + shift) % COLOURS.size()) + "\"}");
            }
        }
        return tar.to(file);
    }
}
