package dev.perennial.run;

import dev.perennial.evaluate.ParameterCounts;
import dev.perennial.evaluate.PredictionSample;
import dev.perennial.evaluate.alignment.AlignmentRecorder;
import dev.perennial.evaluate.diagnosis.DiagnosisRow;
import java.util.List;
import java.util.Map;

/**
 * What a run has measured and cost so far.
 *
 * @param rows of the result matrix, in the order in which they were measured
 * @param pictures predictions for some samples
 * @param totalSeconds wall time, all processes together
 * @param trainSeconds the part of it spent learning; of an experience that is not over, nothing
 * @param evaluateSeconds the part of it spent evaluating
 * @param samples learned from
 * @param skippedSteps steps that were skipped because their numbers were not finite
 * @param peakMemoryBytes the largest memory of any process
 * @param groups what was trained last
 * @param alignment what was measured of alignment
 * @param diagnosis what was measured of the towers during training
 * @param anytime what was measured while an online stream went on
 */
record LedgerState(
        List<Row> rows,
        List<PredictionSample> pictures,
        double totalSeconds,
        double trainSeconds,
        double evaluateSeconds,
        long samples,
        long skippedSteps,
        long peakMemoryBytes,
        List<ParameterCounts.Group> groups,
        AlignmentRecorder.State alignment,
        List<DiagnosisRow> diagnosis,
        Anytime.State anytime) {
    /**
     * A row of the result matrix.
     *
     * @param after name of the experience, or {@code zero-shot}
     * @param scores by column; NaN where nothing was measured
     * @param further metrics by data set and title
     */
    record Row(String after, List<Double> scores, Map<String, Map<String, Double>> further) {}
}
