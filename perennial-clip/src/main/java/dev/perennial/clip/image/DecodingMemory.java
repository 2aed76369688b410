package dev.perennial.clip.image;

import java.io.IOException;
import java.util.concurrent.Semaphore;

/**
 * The half of the heap that all images which are being decoded share.
 *
 * <p>There is one heap, so there is one such half, whatever the number of decoders and threads. Small images never notice it.
 */
final class DecodingMemory {
    private static final int UNIT = 1 << 20;
    private static final int UNITS =
            Math.toIntExact(Math.clamp(Runtime.getRuntime().maxMemory() / 2 / UNIT, 1, Integer.MAX_VALUE));
    private static final Semaphore FREE = new Semaphore(UNITS, true);

    private DecodingMemory() {}

    @FunctionalInterface
    interface Decoding {
        RgbImage run() throws IOException;
    }

    /** Decodes once that much memory is free. */
    static RgbImage within(String name, long bytes, Decoding decoding) throws IOException {
        long units = Math.ceilDiv(bytes, UNIT);
        if (units > UNITS) {
            throw new ImageFormatException(
                    name,
                    "it takes " + units + " MiB of memory to decode, more than half of the program's " + 2 * UNITS
                            + " MiB",
                    "give the program more memory (-Xmx) or leave it out");
        }
        FREE.acquireUninterruptibly((int) units);
        try {
            return decoding.run();
        } finally {
            FREE.release((int) units);
        }
    }
}
