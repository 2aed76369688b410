package dev.perennial.train.checkpoint;

/** What can go wrong with a disk. */
public enum Fault {
    /** A call fails with an error and does nothing. */
    ERROR(false),
    /** Half of the bytes are written, then the call fails. */
    SHORT_WRITE(false),
    /** From this call on, no byte more can be written. */
    FULL(false),
    /** A bit is written as another, and nobody notices. */
    SILENT_FLIP(false),
    /** The machine dies in this call; what was forced is there, everything else as if it had never been written. */
    CRASH_DROPS(true),
    /** The machine dies; files that were not forced have lost their second half. */
    CRASH_TRUNCATES(true),
    /** The machine dies; files that were not forced have their length but hold zeros. */
    CRASH_ZEROES(true),
    /** The machine dies; a bit of each file that was not forced is another. */
    CRASH_FLIPS_A_BIT(true),
    /** The process dies; the machine writes the rest. */
    CRASH_KEEPS(true);

    private final boolean crash;

    Fault(boolean crash) {
        this.crash = crash;
    }

    boolean isCrash() {
        return crash;
    }
}
