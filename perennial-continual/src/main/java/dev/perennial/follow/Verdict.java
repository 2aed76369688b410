package dev.perennial.follow;

import java.util.Locale;

/** What became of a shard. */
public enum Verdict {
    /** It is being learned, or will be again. */
    LEARNING,
    /** It was learned, and the model that came of it became the current one. */
    PROMOTED,
    /** It was learned, but a gate failed: the model that came of it is not used and not built upon. */
    REFUSED,
    /** It could not be learned at all, such as a damaged one. */
    SET_ASIDE;

    /** Returns it as a word for people. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
