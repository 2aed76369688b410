package dev.perennial.pretrain;

import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/**
 * What a pretraining measured on its way.
 *
 * @param losses in the order of the steps
 * @param validations in the order of the steps
 */
public record TrainingHistory(List<Loss> losses, List<Validation> validations) {
    /** Keeps copies. */
    public TrainingHistory {
        losses = new ArrayList<>(losses);
        validations = new ArrayList<>(validations);
    }

    /**
     * A loss.
     *
     * @param step steps taken
     * @param loss mean over the steps since the point before
     * @param samplesPerSecond since the point before
     */
    public record Loss(int step, double loss, double samplesPerSecond) {}

    /**
     * A validation.
     *
     * @param step steps taken
     * @param seconds of training until then, interruptions left out
     * @param scores in percent, by set
     */
    public record Validation(int step, double seconds, SequencedMap<String, Double> scores) {}
}
