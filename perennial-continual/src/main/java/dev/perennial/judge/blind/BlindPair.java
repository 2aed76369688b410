package dev.perennial.judge.blind;

/**
 * Two images that one encoder takes for nearly the same and another tells apart.
 *
 * @param first row of one image
 * @param second row of the other, larger than {@code first}
 * @param cosine of the encoder that is blind to the difference
 * @param otherCosine of the one that sees it
 */
public record BlindPair(int first, int second, float cosine, float otherCosine) {
    /** Returns how much more alike the images are to the first encoder. */
    public float difference() {
        return cosine - otherCosine;
    }
}
