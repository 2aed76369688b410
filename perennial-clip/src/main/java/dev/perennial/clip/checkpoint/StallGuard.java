package dev.perennial.clip.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Closes a stream from which nothing has come for a minute, so that its reader fails instead of waiting for ever. */
final class StallGuard implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Thread watch;
    private volatile boolean alive = true;

    StallGuard(InputStream stream) {
        watch = Thread.ofVirtual().start(() -> watch(stream));
    }

    /** Tells that something has come. */
    void alive() {
        alive = true;
    }

    private void watch(InputStream stream) {
        try {
            while (alive) {
                alive = false;
                Thread.sleep(LIMIT);
            }
            stream.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // The reader sees its own failure of the same stream.
        }
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
