package dev.perennial.evaluate;

import dev.perennial.evaluate.metric.ResultMatrix;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.function.IntFunction;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/** The form of {@code further.csv}: a line {@code metric,after,set,value} for each measured cell. */
final class FurtherCsv {
    private static final List<String> HEADER = List.of("metric", "after", "set", "value");
    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setRecordSeparator('\n').get();

    private FurtherCsv() {}

    static String format(SequencedMap<String, ResultMatrix> further) throws IOException {
        var text = new StringWriter();
        try (var printer = new CSVPrinter(text, FORMAT)) {
            printer.printRecord(HEADER);
            for (var metric : further.entrySet()) {
                ResultMatrix matrix = metric.getValue();
                print(printer, metric.getKey(), MatrixCsv.ZERO_SHOT, matrix, matrix::zeroShot);
                for (int e = 0; e < matrix.experiences().size(); e++) {
                    int row = e;
                    print(printer, metric.getKey(), matrix.experiences().get(e), matrix, i -> matrix.score(row, i));
                }
            }
        }
        return text.toString();
    }

    private static void print(
            CSVPrinter printer, String metric, String after, ResultMatrix matrix, IntFunction<OptionalDouble> cells)
            throws IOException {
        for (int i = 0; i < matrix.dataSets().size(); i++) {
            OptionalDouble cell = cells.apply(i);
            if (cell.isPresent()) {
                printer.printRecord(metric, after, matrix.dataSets().get(i), Double.toString(cell.getAsDouble()));
            }
        }
    }

    /** Reads the matrices; faults of the text are IllegalArgumentExceptions with the line. */
    static SequencedMap<String, ResultMatrix> parse(
            Reader text, List<ExperienceInfo> experiences, List<String> dataSets) throws IOException {
        SequencedMap<String, Map<String, double[]>> rows = new LinkedHashMap<>();
        try (var records = FORMAT.parse(text)) {
            for (CSVRecord record : records) {
                if (record.getRecordNumber() == 1) {
                    continue;
                }
                int column = record.size() == HEADER.size() ? dataSets.indexOf(record.get(2)) : -1;
                if (column < 0) {
                    throw new IllegalArgumentException("record " + record.getRecordNumber() + " is no '"
                            + String.join(",", HEADER) + "' of this run");
                }
                rows.computeIfAbsent(record.get(0), _ -> new LinkedHashMap<>())
                                .computeIfAbsent(record.get(1), _ -> unmeasured(dataSets.size()))[column] =
                        Double.parseDouble(record.get(3));
            }
        }
        SequencedMap<String, ResultMatrix> further = new LinkedHashMap<>();
        rows.forEach(
                (metric, byExperience) -> further.put(metric, FurtherMatrices.of(byExperience, experiences, dataSets)));
        return further;
    }

    private static double[] unmeasured(int columns) {
        double[] row = new double[columns];
        Arrays.fill(row, Double.NaN);
        return row;
    }
}
