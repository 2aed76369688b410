package dev.perennial.data;

/**
 * A sample that was skipped.
 *
 * @param dataset name and split of its data set, such as {@code emoji/train}
 * @param key key of the sample in that data set
 * @param reason why it cannot be used, in words for the owner of the data
 */
public record BadSample(String dataset, String key, String reason) {
    @Override
    public String toString() {
        return dataset + " " + key + ": " + reason;
    }
}
