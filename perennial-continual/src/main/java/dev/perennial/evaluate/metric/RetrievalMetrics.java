package dev.perennial.evaluate.metric;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Image-text retrieval in both directions, with any number of captions an image (as in CLIP_benchmark for Flickr30k and COCO).
 *
 * <p>Text to image: the rank of the one image of each caption among all images. Image to text: the rank of the best of an image's
 * own captions among all captions, so that R@k counts an image once if <em>any</em> of its captions is in the first k. An image
 * without a caption is a distractor: it can be found, but asks nothing. Equal scores are ordered by index, lower first, so that the
 * result does not depend on a sorting algorithm.
 *
 * @param imageToText one rank for each image that has a caption, in the order of the images
 * @param textToImage one rank for each caption
 */
public record RetrievalMetrics(RetrievalRanks imageToText, RetrievalRanks textToImage) {
    private static final int BLOCK_CELLS = 1 << 24;
    /** Images whose ranks one thread counts. */
    private static final int COLUMNS = 1024;

    /**
     * Returns the ranks under dot products of features, which should be of length one.
     *
     * @param images {@code [images][width]}
     * @param texts {@code [texts][width]}
     * @param imageOfText the index of the image that each text describes
     * @throws IllegalArgumentException if sizes differ, an index is out of range or a score is not a number
     */
    public static RetrievalMetrics ofFeatures(float[][] images, float[][] texts, int[] imageOfText) {
        if (images.length == 0 || texts.length != imageOfText.length) {
            throw new IllegalArgumentException(
                    "retrieval over " + images.length + " images needs one image index for each of " + texts.length
                            + " texts, got " + imageOfText.length);
        }
        return ofScores(images.length, imageOfText, new FeatureScores(images, texts));
    }

    /**
     * Returns the ranks under scores that are computed block by block, so that memory stays small; each block is asked for twice.
     *
     * @param images the number of images
     * @param imageOfText the index of the image that each text describes
     * @param scores the scores of a block of texts to all images
     * @throws IllegalArgumentException if there is no text, an index is out of range or a score is not a number
     */
    public static RetrievalMetrics ofScores(int images, int[] imageOfText, TextImageScores scores) {
        for (int text = 0; text < imageOfText.length; text++) {
            if (imageOfText[text] < 0 || imageOfText[text] >= images) {
                throw new IllegalArgumentException(
                        "text " + text + " describes image " + imageOfText[text] + " of " + images + " images");
            }
        }
        int[] textRanks = new int[imageOfText.length];
        int[] bestText = new int[images];
        float[] bestScore = new float[images];
        Arrays.fill(bestText, -1);
        forEachBlock(images, imageOfText.length, scores, (from, to, block) -> {
            IntStream.range(from, to).parallel().forEach(text -> {
                int offset = (text - from) * images;
                textRanks[text] = rank(block, offset, images, imageOfText[text], text);
            });
            for (int text = from; text < to; text++) {
                int image = imageOfText[text];
                float own = block[(text - from) * images + image];
                if (bestText[image] < 0 || own > bestScore[image]) {
                    bestText[image] = text;
                    bestScore[image] = own;
                }
            }
        });
        int[] imageRanks = new int[images];
        forEachBlock(
                images,
                imageOfText.length,
                scores,
                (from, to, block) -> IntStream.range(0, (images + COLUMNS - 1) / COLUMNS)
                        .parallel()
                        .forEach(part -> {
                            int last = Math.min(images, (part + 1) * COLUMNS);
                            for (int text = from; text < to; text++) {
                                int offset = (text - from) * images;
                                for (int image = part * COLUMNS; image < last; image++) {
                                    float score = block[offset + image];
                                    boolean ahead = score > bestScore[image]
                                            || (score == bestScore[image] && text < bestText[image]);
                                    imageRanks[image] += ahead ? 1 : 0;
                                }
                            }
                        }));
        int[] asked = IntStream.range(0, images)
                .filter(image -> bestText[image] >= 0)
                .map(image -> imageRanks[image] + 1)
                .toArray();
        return new RetrievalMetrics(new RetrievalRanks(asked), new RetrievalRanks(textRanks));
    }

    /** Returns r_mean: the mean of R@k over both directions and the given k, in percent (CLL-CLIP uses 1, 5 and 10). */
    public double meanRecall(int... ks) {
        return recallSum(ks) / (2 * ks.length);
    }

    /** Returns rsum: the sum of R@k over both directions and the given k. */
    public double recallSum(int... ks) {
        return Arrays.stream(ks)
                .mapToDouble(k -> imageToText.recallAt(k) + textToImage.recallAt(k))
                .sum();
    }

    /** One plus the number of images ahead of the own one. */
    private static int rank(float[] block, int offset, int images, int own, int text) {
        float ownScore = block[offset + own];
        int rank = 1;
        for (int image = 0; image < images; image++) {
            float score = block[offset + image];
            if (Float.isNaN(score)) {
                throw new IllegalArgumentException(
                        "the score of text " + text + " to image " + image + " is not a number");
            }
            rank += score > ownScore || (score == ownScore && image < own) ? 1 : 0;
        }
        return rank;
    }

    private static void forEachBlock(int images, int texts, TextImageScores scores, BlockReader reader) {
        int step = Math.max(1, BLOCK_CELLS / images);
        for (int from = 0; from < texts; from += step) {
            int to = Math.min(texts, from + step);
            float[] block = scores.block(from, to);
            if (block.length != (to - from) * images) {
                throw new IllegalArgumentException("a block of " + (to - from) + " texts and " + images + " images has "
                        + block.length + " scores");
            }
            reader.accept(from, to, block);
        }
    }

    @FunctionalInterface
    private interface BlockReader {
        void accept(int from, int to, float[] block);
    }
}
