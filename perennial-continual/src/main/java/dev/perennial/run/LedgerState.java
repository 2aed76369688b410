package dev.perennial.run;

import dev.perennial.evaluate.ParameterCounts;
import dev.perennial.evaluate.PredictionSample;
import dev.perennial.evaluate.alignment.AlignmentRecorder;
import dev.perennial.evaluate.alignment.AlignmentRow;
import dev.perennial.evaluate.diagnosis.DiagnosisRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

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

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .build();

    JsonNode toJson() {
        return JSON.valueToTree(this);
    }

    static LedgerState of(JsonNode saved) {
        return JSON.treeToValue(saved, LedgerState.class);
    }

    /** Returns the same with an empty column at a place, for a data set that has come. */
    LedgerState withColumn(int place) {
        return over(
                rows.stream()
                        .map(row -> {
                            List<Double> scores = new ArrayList<>(row.scores());
                            scores.add(place, Double.NaN);
                            return new Row(row.after(), scores, row.further());
                        })
                        .toList(),
                pictures,
                alignment.rows(),
                diagnosis);
    }

    /** Returns the same without a column and without what was measured after the experience that teaches it; costs stay. */
    LedgerState without(int place, String experience) {
        List<Row> kept = rows.stream()
                .filter(row -> !row.after().equals(experience))
                .map(row -> {
                    List<Double> scores = new ArrayList<>(row.scores());
                    scores.remove(place);
                    Map<String, Map<String, Double>> further = new LinkedHashMap<>(row.further());
                    further.remove(experience);
                    return new Row(row.after(), scores, further);
                })
                .toList();
        List<PredictionSample> shown = pictures.stream()
                .filter(picture -> !picture.dataSet().equals(experience))
                .map(picture -> new PredictionSample(
                        picture.dataSet(),
                        picture.key(),
                        picture.trueClass(),
                        picture.thumbnail(),
                        picture.predictions().stream()
                                .filter(prediction -> !prediction.after().equals(experience))
                                .toList()))
                .toList();
        return over(
                kept,
                shown,
                alignment.rows().stream()
                        .filter(row -> !row.after().equals(experience))
                        .toList(),
                diagnosis.stream()
                        .filter(row -> !row.experience().equals(experience))
                        .toList());
    }

    private LedgerState over(
            List<Row> otherRows,
            List<PredictionSample> otherPictures,
            List<AlignmentRow> moved,
            List<DiagnosisRow> diagnosed) {
        return new LedgerState(
                otherRows,
                otherPictures,
                totalSeconds,
                trainSeconds,
                evaluateSeconds,
                samples,
                skippedSteps,
                peakMemoryBytes,
                groups,
                new AlignmentRecorder.State(alignment.firstChoices(), moved),
                diagnosed,
                anytime);
    }
}
