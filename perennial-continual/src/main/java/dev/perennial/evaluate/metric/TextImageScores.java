package dev.perennial.evaluate.metric;

/** The similarities of texts to images, a block of texts at a time; must give the same numbers at every call. */
@FunctionalInterface
public interface TextImageScores {
    /**
     * Returns the scores of the texts {@code from} to before {@code to} to all images.
     *
     * @return {@code [to - from, images]} in row-major order; valid until the next call
     */
    float[] block(int from, int to);
}
