package dev.perennial.data;

/**
 * How samples are loaded.
 *
 * @param threads threads that read, decode and prepare images
 * @param prefetch whole batches that are kept ready ahead of the step, beside the one that is being put together
 * @param maxBadShare share of bad samples, 0 to 1, above which loading stops with an error; judged from 20 samples on
 * @param seed seed of the random numbers that preparations get
 */
public record LoaderOptions(int threads, int prefetch, double maxBadShare, long seed) {
    /** Checks the ranges. */
    public LoaderOptions {
        if (threads < 1 || prefetch < 1) {
            throw new IllegalArgumentException(
                    "a loader needs at least 1 thread and 1 batch ahead but was given " + threads + " and " + prefetch);
        }
        if (!(maxBadShare >= 0 && maxBadShare <= 1)) {
            throw new IllegalArgumentException("the share of bad samples must be 0 to 1 but is " + maxBadShare);
        }
    }

    /** Returns the usual options: a thread for each processor, 2 batches ahead, at most 10 % bad samples. */
    public static LoaderOptions withSeed(long seed) {
        return new LoaderOptions(Runtime.getRuntime().availableProcessors(), 2, 0.1, seed);
    }

    /** Returns the same with another number of threads. */
    public LoaderOptions withThreads(int count) {
        return new LoaderOptions(count, prefetch, maxBadShare, seed);
    }

    /** Returns the same with another limit on the share of bad samples. */
    public LoaderOptions withMaxBadShare(double share) {
        return new LoaderOptions(threads, prefetch, share, seed);
    }
}
