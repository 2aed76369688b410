package dev.perennial.method.tune;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * Which classes the images of a batch are matched with, and how.
 *
 * @param scope the classes
 * @param labelSmoothing share of the target spread over all of them, in {@code [0, 1)}
 * @param doubleSoftmax whether the cross entropy takes the softmax of probabilities in place of that of logits, as the repository of SIT
 *     does
 */
public record Matching(Scope scope, double labelSmoothing, boolean doubleSoftmax) {
    /** Which classes images are matched with. */
    public enum Scope {
        /**
         * Those of the batch alone: every text has an image that it belongs to, and every image a text (symmetric image-text tuning, Wang
         * et al. 2024, arXiv 2405.15155).
         */
        @JsonProperty("batch")
        BATCH,
        /** All of the experience, or all seen so far where they show only as they come; those without an image are only pushed away. */
        @JsonProperty("seen")
        SEEN
    }

    /**
     * What a batch is matched with.
     *
     * @param classes their places among all classes
     * @param matches for each image its place among them
     * @param isAll whether they are all classes, in order
     */
    @SuppressWarnings("ArrayRecordComponent") // Made and read within one step; never compared.
    record Among(int[] classes, long[] matches, boolean isAll) {}

    /** Checks the range. */
    public Matching {
        TuningOptions.requireSmoothing(labelSmoothing);
    }

    /** Returns the usual matching with all classes of an experience. */
    public static Matching withAll(double labelSmoothing) {
        return new Matching(Scope.SEEN, labelSmoothing, false);
    }

    /** Returns what images of these labels are matched with: classes of the batch in the order in which they come in it. */
    Among among(long[] labels, int classes) {
        return switch (scope) {
            case SEEN -> new Among(IntStream.range(0, classes).toArray(), labels, true);
            case BATCH -> {
                int[] present = Arrays.stream(labels)
                        .distinct()
                        .mapToInt(Math::toIntExact)
                        .toArray();
                long[] matches = Arrays.stream(labels)
                        .map(label -> IntStream.range(0, present.length)
                                .filter(i -> present[i] == label)
                                .findFirst()
                                .orElseThrow())
                        .toArray();
                yield new Among(present, matches, false);
            }
        };
    }

    /** Returns the loss of logits {@code [batch, classes]}, a scalar. */
    Tensor loss(Tensor logits, long[] matches) {
        return TaskLoss.crossEntropy(doubleSoftmax ? logits.softmax(1) : logits, matches, labelSmoothing);
    }
}
