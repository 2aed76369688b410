package dev.perennial.run;

/** Asks a run, from another thread, to save itself after the step at hand and to stop. */
public final class StopRequest {
    private volatile boolean made;

    /** Makes the request; it cannot be taken back. */
    public void make() {
        made = true;
    }

    /** Returns whether the request was made. */
    public boolean isMade() {
        return made;
    }
}
