package dev.perennial.clip.guard;

/**
 * How many things may be held in memory because a file says so.
 *
 * <p>A million rows are few for one machine and too many for another, so the limit follows the heap.
 */
public final class HeapLimit {
    private HeapLimit() {}

    /** Returns how many things of this size, in bytes, fill half of the heap. */
    public static int of(int bytesEach) {
        return (int) Math.min(Integer.MAX_VALUE - 8, Runtime.getRuntime().maxMemory() / 2 / bytesEach);
    }
}
