package dev.perennial.evaluate;

import java.util.List;

/**
 * One experience of the stream.
 *
 * @param name the name of its row in the result matrix
 * @param teaches the data sets that it teaches; those that no experience teaches are held out
 */
public record ExperienceInfo(String name, List<String> teaches) {
    /** Keeps a copy. */
    public ExperienceInfo {
        teaches = List.copyOf(teaches);
    }
}
