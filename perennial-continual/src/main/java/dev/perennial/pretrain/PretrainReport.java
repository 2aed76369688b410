package dev.perennial.pretrain;

import java.util.SequencedMap;

/** What happens in a pretraining, for progress. */
public sealed interface PretrainReport {
    /** The vocabulary was trained. */
    record VocabularyTrained(int tokens, long texts) implements PretrainReport {}

    /** A teacher was asked about so many images or texts of all; what it said is kept for later trainings. */
    record Asked(String teacher, int done, int total) implements PretrainReport {}

    /** Some steps were taken. */
    record Stepped(int step, int steps, double loss, double samplesPerSecond, double secondsLeft)
            implements PretrainReport {}

    /** The model was judged and written; scores in percent by set, and all that was measured until now. */
    record Validated(int step, SequencedMap<String, Double> scores, TrainingHistory history)
            implements PretrainReport {}
}
