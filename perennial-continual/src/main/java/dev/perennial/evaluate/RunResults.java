package dev.perennial.evaluate;

import dev.perennial.evaluate.alignment.AlignmentHistory;
import dev.perennial.evaluate.metric.ResultMatrix;
import java.nio.file.Path;
import java.util.List;

/**
 * All results of a run.
 *
 * @param summary what was run, with the metrics
 * @param matrix the score of every data set after every experience
 * @param samples some pictures with predictions; may be empty
 * @param alignment how embeddings moved along the stream; without rows if that was not measured
 */
public record RunResults(
        RunSummary summary, ResultMatrix matrix, List<PredictionSample> samples, AlignmentHistory alignment) {
    /** Keeps a copy and checks that summary and matrix are of the same stream. */
    public RunResults {
        samples = List.copyOf(samples);
        if (!summary.dataSetNames().equals(matrix.dataSets())
                || !summary.experienceNames().equals(matrix.experiences())) {
            throw new IllegalArgumentException("the summary of '" + summary.run()
                    + "' and its result matrix name different experiences or data sets");
        }
    }

    /** Results without alignment. */
    public RunResults(RunSummary summary, ResultMatrix matrix, List<PredictionSample> samples) {
        this(summary, matrix, samples, AlignmentHistory.NONE);
    }

    /**
     * Reads the results of a run from its folder.
     *
     * @throws ResultFileException if a file is missing or damaged
     */
    public static RunResults read(Path runFolder) {
        return new ResultFiles(runFolder).read();
    }
}
