package dev.perennial.run;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Helps with misspelt words. */
public final class Suggestion {
    private Suggestion() {}

    /** Returns the known word nearest to a written one, if one is near enough to have been meant. */
    public static Optional<String> nearest(String written, Collection<String> known) {
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        return known.stream()
                .min(Comparator.comparingInt(word -> distance.apply(written, word)))
                .filter(word -> distance.apply(written, word) <= Math.max(2, written.length() / 3));
    }

    /** Returns {@code unknown <what> '<written>'; did you mean '<near>'? known: <all>}. */
    public static String unknown(String what, String written, Collection<String> known) {
        String meant = nearest(written, known)
                .map(word -> "; did you mean '" + word + "'?")
                .orElse(";");
        return "unknown " + what + " '" + written + "'" + meant + " known: "
                + String.join(", ", known.stream().sorted().toList());
    }
}
