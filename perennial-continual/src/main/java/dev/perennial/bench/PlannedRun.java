package dev.perennial.bench;

import dev.perennial.run.RunConfig;

/**
 * One run of a benchmark.
 *
 * @param row the row of the table that it belongs to
 * @param seed its seed
 * @param config its whole configuration
 * @param experiences number of experiences of its stream
 * @param key hash of configuration, model and data in hexadecimal: runs of the same key give the same results
 */
public record PlannedRun(String row, long seed, RunConfig.Resolved config, int experiences, String key) {
    private static final int KEY_LENGTH = 10;

    /** Returns the name of the run, such as {@code zscl-s42}. */
    public String name() {
        return config.config().name();
    }

    /** Returns the name of its folder: another configuration, model or data set gives another folder. */
    public String folder() {
        return name() + "-" + key.substring(0, KEY_LENGTH);
    }
}
