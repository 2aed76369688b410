package dev.perennial.evaluate;

import dev.perennial.evaluate.metric.ResultMatrix;
import java.nio.file.Path;
import java.util.List;

/**
 * All results of a run.
 *
 * @param summary what was run, with the metrics
 * @param matrix the score of every data set after every experience
 * @param samples some pictures with predictions; may be empty
 */
public record RunResults(RunSummary summary, ResultMatrix matrix, List<PredictionSample> samples) {
    /** Keeps a copy and checks that summary and matrix are of the same stream. */
    public RunResults {
        samples = List.copyOf(samples);
        if (!summary.dataSetNames().equals(matrix.dataSets())
                || !summary.experienceNames().equals(matrix.experiences())) {
            throw new IllegalArgumentException("the summary of '" + summary.run()
                    + "' and its result matrix name different experiences or data sets");
        }
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
