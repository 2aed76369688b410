package dev.perennial.evaluate.metric;

import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;

/** Dot products of text and image features, each summed in the same order wherever its block begins. */
final class FeatureScores implements TextImageScores {
    private final float[][] texts;
    private final int images;
    /** {@code [width][images]}: so the inner loop runs over images, which the compiler turns into vector instructions. */
    private final float[][] imagesByDimension;

    FeatureScores(float[][] images, float[][] texts) {
        int width = images[0].length;
        this.texts = texts;
        this.images = images.length;
        this.imagesByDimension = new float[width][images.length];
        for (int i = 0; i < images.length; i++) {
            requireWidth("image", i, images[i], width);
            for (int d = 0; d < width; d++) {
                imagesByDimension[d][i] = images[i][d];
            }
        }
        for (int t = 0; t < texts.length; t++) {
            requireWidth("text", t, texts[t], width);
        }
    }

    @Override
    public MemorySegment block(int from, int to) {
        float[] scores = new float[(to - from) * images];
        IntStream.range(from, to).parallel().forEach(text -> score(texts[text], scores, (text - from) * images));
        return MemorySegment.ofArray(scores);
    }

    private void score(float[] text, float[] scores, int offset) {
        for (int d = 0; d < text.length; d++) {
            float weight = text[d];
            float[] row = imagesByDimension[d];
            for (int i = 0; i < row.length; i++) {
                scores[offset + i] += weight * row[i];
            }
        }
    }

    private static void requireWidth(String what, int index, float[] feature, int width) {
        if (feature.length != width) {
            throw new IllegalArgumentException(
                    what + " " + index + " has " + feature.length + " features where the first image has " + width);
        }
    }
}
