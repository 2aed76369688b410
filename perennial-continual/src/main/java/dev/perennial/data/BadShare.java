package dev.perennial.data;

/** Counts good and bad samples in the order of loading and says when there are too many bad ones. */
final class BadShare {
    private static final int JUDGED_FROM = 20;

    private final String dataset;
    private final double limit;
    private long seen;
    private long bad;
    private int seenInEpoch;
    private int goodInEpoch;

    BadShare(String dataset, double limit) {
        this.dataset = dataset;
        this.limit = limit;
    }

    void good() {
        seen++;
        seenInEpoch++;
        goodInEpoch++;
    }

    void bad(BadSample sample) {
        seen++;
        bad++;
        seenInEpoch++;
        if (seen >= JUDGED_FROM && bad > limit * seen) {
            throw new DatasetException("%s: %d of %d samples are bad, more than the limit of %s %%; the last one is %s"
                    .formatted(dataset, bad, seen, percent(limit), sample));
        }
    }

    /**
     * Ends an epoch, which must not be in vain: without this check, endless epochs of bad samples would never return.
     *
     * @param epochSize samples of a whole epoch; one that was resumed in the middle is not judged
     * @param neededGood good samples without which the epoch gives no batch
     */
    void endEpoch(int epochSize, int neededGood) {
        if (seenInEpoch == epochSize && goodInEpoch < neededGood) {
            throw new DatasetException(
                    goodInEpoch == 0
                            ? dataset + ": all " + epochSize + " samples are bad"
                            : "%s: only %d of %d samples are good, which makes no batch of %d"
                                    .formatted(dataset, goodInEpoch, epochSize, neededGood));
        }
        seenInEpoch = 0;
        goodInEpoch = 0;
    }

    private static String percent(double share) {
        return Double.toString(Math.round(share * 1000) / 10.0);
    }
}
