package dev.perennial.evaluate.metric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
    /** Scores that a thread copies out of a block at a time: few enough for the nearest cache. */
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
        int[] bestKey = new int[images];
        Arrays.fill(bestText, -1);
        forEachBlock(images, imageOfText.length, scores, (from, to, block) -> {
            IntStream.range(from, to).parallel().forEach(text -> {
                int offset = (text - from) * images;
                textRanks[text] = rank(block, offset, images, imageOfText[text], text);
            });
            for (int text = from; text < to; text++) {
                int image = imageOfText[text];
                int own = key(block, (text - from) * images + image);
                if (bestText[image] < 0 || own > bestKey[image]) {
                    bestText[image] = text;
                    bestKey[image] = own;
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
                            int first = part * COLUMNS;
                            int last = Math.min(images, first + COLUMNS);
                            // Copies of the part: the loop over it becomes vector instructions only if all begins at 0.
                            int[] keys = Arrays.copyOfRange(bestKey, first, last);
                            int[] texts = Arrays.copyOfRange(bestText, first, last);
                            int[] counts = new int[last - first];
                            int[] bits = new int[last - first];
                            for (int text = from; text < to; text++) {
                                copy(block, (text - from) * images + first, bits, bits.length);
                                ScoreKeys.addAhead(bits, text, keys, texts, counts);
                            }
                            for (int image = first; image < last; image++) {
                                imageRanks[image] += counts[image - first];
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
    private static int rank(MemorySegment block, int offset, int images, int own, int text) {
        int ownKey = key(block, offset + own);
        int[] bits = new int[COLUMNS];
        int rank = 1;
        for (int first = 0; first < images; first += COLUMNS) {
            int length = Math.min(COLUMNS, images - first);
            copy(block, offset + first, bits, length);
            int bad = ScoreKeys.firstNaN(bits, length);
            if (bad >= 0) {
                throw new IllegalArgumentException(
                        "the score of text " + text + " to image " + (first + bad) + " is not a number");
            }
            int before = Math.clamp(own - first, 0, length);
            rank += ScoreKeys.atLeast(bits, 0, before, ownKey) + ScoreKeys.atLeast(bits, before, length, ownKey + 1);
        }
        return rank;
    }

    private static int key(MemorySegment block, int index) {
        return ScoreKeys.key(block.getAtIndex(ValueLayout.JAVA_INT, index));
    }

    private static void copy(MemorySegment block, int index, int[] bits, int length) {
        MemorySegment.copy(block, ValueLayout.JAVA_INT, (long) index * Float.BYTES, bits, 0, length);
    }

    private static void forEachBlock(int images, int texts, TextImageScores scores, BlockReader reader) {
        int step = Math.max(1, BLOCK_CELLS / images);
        for (int from = 0; from < texts; from += step) {
            int to = Math.min(texts, from + step);
            MemorySegment block = scores.block(from, to);
            long cells = block.byteSize() / Float.BYTES;
            if (cells != (long) (to - from) * images) {
                throw new IllegalArgumentException(
                        "a block of " + (to - from) + " texts and " + images + " images has " + cells + " scores");
            }
            reader.accept(from, to, block);
        }
    }

    @FunctionalInterface
    private interface BlockReader {
        void accept(int from, int to, MemorySegment block);
    }
}
