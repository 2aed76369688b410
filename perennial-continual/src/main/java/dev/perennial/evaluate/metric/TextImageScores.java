package dev.perennial.evaluate.metric;

import java.lang.foreign.MemorySegment;

/** The similarities of texts to images, a block of texts at a time; must give the same numbers at every call. */
@FunctionalInterface
public interface TextImageScores {
    /**
     * Returns the scores of the texts {@code from} to before {@code to} to all images.
     *
     * @return {@code [to - from, images]} floats in row-major order, for any thread; valid until the next call
     */
    MemorySegment block(int from, int to);
}
