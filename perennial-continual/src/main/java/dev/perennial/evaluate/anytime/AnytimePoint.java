package dev.perennial.evaluate.anytime;

/**
 * An evaluation on the test images of all classes seen so far.
 *
 * @param session in which, or at whose end
 * @param atEnd whether it is at the end of the session
 * @param counts of the samples by then
 * @param classes seen so far
 * @param tested test images
 * @param accuracy in percent
 */
public record AnytimePoint(
        String session, boolean atEnd, ArrivalCounts counts, int classes, int tested, double accuracy) {}
