package dev.perennial.data;

import dev.perennial.clip.guard.SafeText;

/**
 * A sample that was skipped.
 *
 * @param dataset name and split of its data set, such as {@code emoji/train}
 * @param key key of the sample in that data set
 * @param reason why it cannot be used, in words for the owner of the data
 */
public record BadSample(String dataset, String key, String reason) {
    /** Returns the sample and the reason on one line, safe to show. */
    @Override
    public String toString() {
        return SafeText.of(dataset + " " + key + ": " + reason);
    }
}
