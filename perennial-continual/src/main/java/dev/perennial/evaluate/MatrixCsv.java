package dev.perennial.evaluate;

import dev.perennial.evaluate.metric.ResultMatrix;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/** The form of {@code matrix.csv}: {@code after,<set>,...}, a row {@code zero-shot}, and a row for each measured experience. */
final class MatrixCsv {
    static final String ZERO_SHOT = "zero-shot";
    private static final String CORNER = "after";
    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setRecordSeparator('\n').get();

    private MatrixCsv() {}

    static String format(ResultMatrix matrix) throws IOException {
        var text = new StringWriter();
        try (var printer = new CSVPrinter(text, FORMAT)) {
            printer.printRecord(
                    Stream.concat(Stream.of(CORNER), matrix.dataSets().stream()).toList());
            if (matrix.hasZeroShot()) {
                printer.printRecord(row(matrix, ZERO_SHOT, matrix::zeroShot));
            }
            for (int e = 0; e < matrix.experiences().size(); e++) {
                int experience = e;
                if (matrix.measured(e)) {
                    printer.printRecord(row(matrix, matrix.experiences().get(e), i -> matrix.score(experience, i)));
                }
            }
        }
        return text.toString();
    }

    /** Reads a matrix; faults of the text are IllegalArgumentExceptions with the line. */
    static ResultMatrix parse(Reader text, List<ExperienceInfo> experiences) throws IOException {
        try (var records = FORMAT.parse(text)) {
            List<CSVRecord> rows = records.getRecords();
            if (rows.isEmpty() || !rows.getFirst().get(0).equals(CORNER)) {
                throw new IllegalArgumentException(
                        "the first line must be '" + CORNER + "' and the names of the data sets");
            }
            List<String> dataSets = rows.getFirst().stream().skip(1).toList();
            var builder = ResultMatrix.builder(
                    experiences.stream().map(ExperienceInfo::name).toList(), dataSets);
            for (ExperienceInfo experience : experiences) {
                experience.teaches().forEach(dataSet -> builder.teaches(experience.name(), dataSet));
            }
            for (CSVRecord row : rows.subList(1, rows.size())) {
                double[] scores = scores(row);
                if (row.get(0).equals(ZERO_SHOT)) {
                    builder.zeroShot(scores);
                } else {
                    builder.after(row.get(0), scores);
                }
            }
            return builder.build();
        }
    }

    private static double[] scores(CSVRecord row) {
        return IntStream.range(1, row.size())
                .mapToDouble(i -> {
                    try {
                        return row.get(i).isEmpty() ? Double.NaN : Double.parseDouble(row.get(i));
                    } catch (NumberFormatException e) {
                        throw new IllegalArgumentException(
                                "record " + row.getRecordNumber() + ": '" + row.get(i) + "' is not a number", e);
                    }
                })
                .toArray();
    }

    private static List<String> row(ResultMatrix matrix, String name, IntFunction<OptionalDouble> cell) {
        var row = new ArrayList<String>();
        row.add(name);
        for (int i = 0; i < matrix.dataSets().size(); i++) {
            OptionalDouble value = cell.apply(i);
            row.add(value.isPresent() ? Double.toString(value.getAsDouble()) : "");
        }
        return row;
    }
}
