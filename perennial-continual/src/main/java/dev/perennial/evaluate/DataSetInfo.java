package dev.perennial.evaluate;

/**
 * A data set that a run was evaluated on.
 *
 * @param name the name of its column in the result matrix
 * @param samples the number of test samples
 * @param classes the number of classes
 * @param sha256 the hash of its test samples and labels, in hexadecimal
 */
public record DataSetInfo(String name, long samples, int classes, String sha256) {
    /** Checks the counts. */
    public DataSetInfo {
        if (samples < 0 || classes < 0) {
            throw new IllegalArgumentException(
                    "data set '" + name + "' cannot have " + samples + " samples and " + classes + " classes");
        }
    }
}
