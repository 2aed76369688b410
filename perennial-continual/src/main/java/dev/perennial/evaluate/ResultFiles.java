package dev.perennial.evaluate;

import dev.perennial.clip.checkpoint.DurableFile;
import dev.perennial.evaluate.alignment.AlignmentHistory;
import dev.perennial.evaluate.anytime.AnytimeHistory;
import dev.perennial.evaluate.diagnosis.DiagnosisHistory;
import dev.perennial.evaluate.metric.ResultMatrix;
import dev.perennial.method.MethodTable;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The result files of a run folder: {@code matrix.csv}, {@code summary.json} and, if there is something to keep, {@code predictions.json},
 * {@code alignment.csv}, {@code diagnosis.csv}, {@code anytime.csv}, {@code class-accuracy.csv}, {@code further.csv} and {@code method.json}.
 *
 * <p>Each file is replaced as a whole, so that a reader never sees half of one.
 */
public final class ResultFiles {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    private final Path folder;

    /** Creates the door to the result files of a run folder, which must exist before something is written. */
    public ResultFiles(Path folder) {
        this.folder = folder;
    }

    /** Writes the result matrix to {@code matrix.csv}. */
    public void write(ResultMatrix matrix) {
        if (matrix.experiences().contains(MatrixCsv.ZERO_SHOT)) {
            throw new IllegalArgumentException("an experience cannot be called '" + MatrixCsv.ZERO_SHOT
                    + "': this is the row before the first one");
        }
        try {
            replace(matrixFile(), MatrixCsv.format(matrix));
        } catch (IOException e) {
            throw new UncheckedIOException(matrixFile() + " cannot be written", e);
        }
    }

    /** Writes the summary to {@code summary.json}. */
    public void write(RunSummary summary) {
        replace(summaryFile(), JSON.writeValueAsString(summary) + "\n");
    }

    /** Writes sample predictions to {@code predictions.json}. */
    public void write(List<PredictionSample> samples) {
        replace(predictionsFile(), JSON.writeValueAsString(samples) + "\n");
    }

    /** Writes what was measured of alignment to {@code alignment.csv}. */
    public void write(AlignmentHistory alignment) {
        replace(alignmentFile(), alignment.csv());
    }

    /** Writes all files; none for alignment that was not measured. */
    public void write(RunResults results) {
        write(results.matrix());
        write(results.samples());
        if (!results.alignment().rows().isEmpty()) {
            write(results.alignment());
        }
        if (!results.diagnosis().rows().isEmpty()) {
            replace(diagnosisFile(), results.diagnosis().csv());
        }
        if (!results.anytime().points().isEmpty()) {
            replace(classesFile(), results.anytime().classesCsv());
            replace(anytimeFile(), results.anytime().pointsCsv());
        }
        writeFurther(results.further());
        replace(methodFile(), JSON.writeValueAsString(results.tables()) + "\n");
        write(results.summary());
    }

    private void writeFurther(SequencedMap<String, ResultMatrix> further) {
        try {
            replace(furtherFile(), FurtherCsv.format(further));
        } catch (IOException e) {
            throw new UncheckedIOException(furtherFile() + " cannot be written", e);
        }
    }

    /**
     * Reads all files.
     *
     * @throws ResultFileException if a file is missing or damaged; what else is missing is empty
     */
    public RunResults read() {
        RunSummary summary = summary();
        ResultMatrix matrix = parse(matrixFile(), () -> matrix(summary.experiences()));
        List<PredictionSample> samples = Files.exists(predictionsFile())
                ? parse(predictionsFile(), () -> JSON.readValue(text(predictionsFile()), new TypeReference<>() {}))
                : List.of();
        AlignmentHistory alignment = Files.exists(alignmentFile())
                ? parse(alignmentFile(), () -> AlignmentHistory.parse(text(alignmentFile())))
                : AlignmentHistory.NONE;
        DiagnosisHistory diagnosis = Files.exists(diagnosisFile())
                ? parse(diagnosisFile(), () -> DiagnosisHistory.parse(text(diagnosisFile())))
                : DiagnosisHistory.NONE;
        AnytimeHistory anytime = Files.exists(anytimeFile())
                ? parse(anytimeFile(), () -> AnytimeHistory.parse(text(anytimeFile()), text(classesFile())))
                : AnytimeHistory.NONE;
        SequencedMap<String, ResultMatrix> further =
                Files.exists(furtherFile()) ? parse(furtherFile(), () -> further(summary)) : new LinkedHashMap<>();
        List<MethodTable> tables = Files.exists(methodFile())
                ? parse(methodFile(), () -> JSON.readValue(text(methodFile()), new TypeReference<>() {}))
                : List.of();
        return parse(
                summaryFile(),
                () -> new RunResults(summary, matrix, samples, alignment, diagnosis, anytime, further, tables));
    }

    /**
     * Reads the summary alone.
     *
     * @throws ResultFileException if it is missing or damaged
     */
    public RunSummary summary() {
        return parse(summaryFile(), () -> JSON.readValue(text(summaryFile()), RunSummary.class));
    }

    private Path matrixFile() {
        return folder.resolve("matrix.csv");
    }

    private Path summaryFile() {
        return folder.resolve("summary.json");
    }

    private Path predictionsFile() {
        return folder.resolve("predictions.json");
    }

    private Path alignmentFile() {
        return folder.resolve("alignment.csv");
    }

    private Path diagnosisFile() {
        return folder.resolve("diagnosis.csv");
    }

    private Path anytimeFile() {
        return folder.resolve("anytime.csv");
    }

    private Path classesFile() {
        return folder.resolve("class-accuracy.csv");
    }

    private Path furtherFile() {
        return folder.resolve("further.csv");
    }

    private Path methodFile() {
        return folder.resolve("method.json");
    }

    private SequencedMap<String, ResultMatrix> further(RunSummary summary) {
        try (Reader reader = new StringReader(text(furtherFile()))) {
            return FurtherCsv.parse(reader, summary.experiences(), summary.dataSetNames());
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private ResultMatrix matrix(List<ExperienceInfo> experiences) {
        try (Reader reader = new StringReader(text(matrixFile()))) {
            return MatrixCsv.parse(reader, experiences);
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static <T> T parse(Path file, Supplier<T> read) {
        try {
            return read.get();
        } catch (JacksonException e) {
            throw new ResultFileException(
                    file,
                    e.getOriginalMessage() + place(e) + "; the file is damaged or of another version: evaluate again",
                    e);
        } catch (IllegalArgumentException e) {
            throw new ResultFileException(file, e.getMessage() + "; evaluate the run again to write it anew", e);
        }
    }

    private static String place(JacksonException e) {
        return e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new ResultFileException(file, "there is no such file; is this a run folder that was evaluated?", e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    private static void replace(Path file, String text) {
        DurableFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
