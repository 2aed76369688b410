package dev.perennial.evaluate;

import dev.perennial.evaluate.metric.ResultMatrix;
import java.util.List;
import java.util.Map;

/** Builds the matrix of a metric from the rows that were measured. */
public final class FurtherMatrices {
    private FurtherMatrices() {}

    /**
     * Returns the matrix.
     *
     * @param rows in percent by experience, or {@code zero-shot}, with NaN for what was not measured
     * @param experiences all experiences of the stream
     * @param dataSets the columns
     */
    public static ResultMatrix of(Map<String, double[]> rows, List<ExperienceInfo> experiences, List<String> dataSets) {
        var builder = ResultMatrix.builder(
                experiences.stream().map(ExperienceInfo::name).toList(), dataSets);
        experiences.forEach(experience -> experience.teaches().forEach(set -> builder.teaches(experience.name(), set)));
        rows.forEach((after, scores) -> {
            if (after.equals(MatrixCsv.ZERO_SHOT)) {
                builder.zeroShot(scores);
            } else {
                builder.after(after, scores);
            }
        });
        return builder.build();
    }
}
