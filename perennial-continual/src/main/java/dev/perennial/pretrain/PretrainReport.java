package dev.perennial.pretrain;

import java.util.SequencedMap;

/** What happens in a pretraining, for progress. */
public sealed interface PretrainReport {
    /** The vocabulary was trained. */
    record VocabularyTrained(int tokens, long texts) implements PretrainReport {}

    /** Some steps were taken. */
    record Stepped(int step, int steps, double loss, double samplesPerSecond, double secondsLeft)
            implements PretrainReport {}

    /** The model was judged and written; scores in percent by set. */
    record Validated(int step, SequencedMap<String, Double> scores) implements PretrainReport {}
}
