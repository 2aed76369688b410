package dev.perennial.evaluate.anytime;

/**
 * The samples of an online stream that have come, by what became of them: every one was taken, was dropped, or waits.
 *
 * @param arrived all that have come
 * @param taken given to the learner
 * @param dropped that came while it was busy and found no place in the queue
 * @param waiting in the queue
 * @param unreadable of those taken
 */
public record ArrivalCounts(long arrived, long taken, long dropped, long waiting, long unreadable) {
    /** Before the first sample. */
    public static final ArrivalCounts NONE = new ArrivalCounts(0, 0, 0, 0, 0);

    /** Checks that no sample is lost. */
    public ArrivalCounts {
        if (taken + dropped + waiting != arrived || unreadable > taken || unreadable < 0) {
            throw new IllegalArgumentException("of " + arrived + " samples that came, " + taken + " were taken ("
                    + unreadable + " unreadable), " + dropped + " dropped, and " + waiting + " wait");
        }
    }
}
