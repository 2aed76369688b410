package dev.perennial.run;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks a run, from another thread, to save itself after the step at hand and to stop. */
public final class StopRequest {
    private final CountDownLatch made = new CountDownLatch(1);

    /** Makes the request; it cannot be taken back. */
    public void make() {
        made.countDown();
    }

    /** Returns whether the request was made. */
    public boolean isMade() {
        return made.getCount() == 0;
    }

    /** Waits for the request, for so long at most; an interrupt counts as one. */
    void await(Duration time) {
        try {
            boolean _ = made.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            make();
        }
    }
}
