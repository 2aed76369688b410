package dev.perennial.evaluate;

import dev.perennial.evaluate.alignment.AlignmentHistory;
import dev.perennial.evaluate.anytime.AnytimeHistory;
import dev.perennial.evaluate.diagnosis.DiagnosisHistory;
import dev.perennial.evaluate.metric.ResultMatrix;
import dev.perennial.method.MethodTable;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * All results of a run.
 *
 * @param summary what was run, with the metrics
 * @param matrix the score of every data set after every experience
 * @param samples some pictures with predictions; may be empty
 * @param alignment how embeddings moved along the stream; without rows if that was not measured
 * @param diagnosis what was measured of the towers during training; without rows if nothing was
 * @param anytime what was measured while an online stream went on; without points for other streams
 * @param further matrices like {@code matrix} of further metrics by title, such as {@code text to image R@1}; may be empty
 * @param tables what the method says of itself; may be empty
 */
public record RunResults(
        RunSummary summary,
        ResultMatrix matrix,
        List<PredictionSample> samples,
        AlignmentHistory alignment,
        DiagnosisHistory diagnosis,
        AnytimeHistory anytime,
        SequencedMap<String, ResultMatrix> further,
        List<MethodTable> tables) {
    /** Keeps copies and checks that summary and matrix are of the same stream. */
    public RunResults {
        samples = List.copyOf(samples);
        further = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(further));
        tables = List.copyOf(tables);
        if (!summary.dataSetNames().equals(matrix.dataSets())
                || !summary.experienceNames().equals(matrix.experiences())) {
            throw new IllegalArgumentException("the summary of '" + summary.run()
                    + "' and its result matrix name different experiences or data sets");
        }
    }

    /** Creates results without further metrics and tables. */
    public RunResults(
            RunSummary summary, ResultMatrix matrix, List<PredictionSample> samples, AlignmentHistory alignment) {
        this(
                summary,
                matrix,
                samples,
                alignment,
                DiagnosisHistory.NONE,
                AnytimeHistory.NONE,
                new LinkedHashMap<>(),
                List.of());
    }

    /** Creates results without alignment, further metrics and tables. */
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
