package dev.perennial.clip.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/**
 * Tries again when the connection breaks or the server is busy, with pauses that double.
 *
 * @param attempts how many in a row may bring nothing new
 * @param firstPause before the second attempt
 */
record HubRetry(int attempts, Duration firstPause) {
    static final HubRetry PATIENT = new HubRetry(6, Duration.ofMillis(500));
    private static final int MAX_ATTEMPTS = 100;

    /** Something that may fail on the way and can tell whether it came further. */
    @FunctionalInterface
    interface Attempt<T> {
        T run() throws IOException, InterruptedException;

        /** Returns a number that grows whenever an attempt brought something. */
        default long reached() {
            return 0;
        }
    }

    /** A failure of the network or of a busy server, after which another attempt makes sense. */
    static final class BrokenException extends IOException {
        private static final long serialVersionUID = 1L;

        BrokenException(String message) {
            super(message);
        }

        BrokenException(IOException cause) {
            super(cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage(), cause);
        }
    }

    HubRetry withFirstPause(Duration pause) {
        return new HubRetry(attempts, pause);
    }

    <T> T run(String what, Attempt<T> attempt) {
        int fruitless = 0;
        for (int total = 1; ; total++) {
            long before = attempt.reached();
            try {
                return attempt.run();
            } catch (BrokenException e) {
                fruitless = attempt.reached() > before ? 0 : fruitless + 1;
                if (fruitless >= attempts || total >= MAX_ATTEMPTS) {
                    throw new HubException(
                            what + ": cannot be fetched (" + e.getMessage() + ") after " + total
                                    + " attempts; run it again later, it goes on where it stopped",
                            e);
                }
                pause(what, fruitless);
            } catch (IOException e) {
                throw new UncheckedIOException(what + ": cannot be written (" + e.getMessage() + ")", e);
            } catch (InterruptedException e) {
                throw interrupted(what, e);
            }
        }
    }

    private void pause(String what, int fruitless) {
        try {
            Thread.sleep(firstPause.multipliedBy(1L << Math.max(0, fruitless - 1)));
        } catch (InterruptedException e) {
            throw interrupted(what, e);
        }
    }

    private static HubException interrupted(String what, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new HubException(what + ": interrupted; run it again, it goes on where it stopped", cause);
    }

    /** Turns every status but 200 and 206 into its error. */
    static void requireSuccess(String what, HubClient.Answer answer) throws BrokenException {
        int status = answer.status();
        switch (status) {
            case 200, 206 -> {}
            case 401, 403 ->
                throw new HubException(what + ": the server refuses access (" + status
                        + "); the name is wrong, or the repository is private or gated: accept its terms on the hub and pass an"
                        + " access token");
            case 404 ->
                throw new HubException(
                        what + ": not found (404); check the name and the revision, which are case-sensitive");
            default -> {
                if (status == 408 || status == 429 || status >= 500) {
                    throw new BrokenException("the server answers " + status);
                }
                throw new HubException(what + ": the server answers " + status);
            }
        }
    }
}
