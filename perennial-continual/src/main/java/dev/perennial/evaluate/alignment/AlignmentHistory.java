package dev.perennial.evaluate.alignment;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * Alignment along a stream.
 *
 * @param rows in the order of the stream; none if it was not measured
 */
public record AlignmentHistory(List<AlignmentRow> rows) {
    /** Of a run that did not measure it. */
    public static final AlignmentHistory NONE = new AlignmentHistory(List.of());

    private static final String CORNER = "after";
    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setRecordSeparator('\n').get();

    /** Keeps a copy. */
    public AlignmentHistory {
        rows = List.copyOf(rows);
    }

    /** Returns the row after an experience, if there is one. */
    public Optional<AlignmentRow> after(String experience) {
        return rows.stream().filter(row -> row.after().equals(experience)).findFirst();
    }

    /** Returns the text of {@code alignment.csv}: {@code after,image-rotation,...}, a line for each row. */
    public String csv() {
        var text = new StringWriter();
        try (var printer = new CSVPrinter(text, FORMAT)) {
            List<String> header = new ArrayList<>(List.of(CORNER));
            Arrays.stream(AlignmentMeasure.values()).map(AlignmentMeasure::key).forEach(header::add);
            printer.printRecord(header);
            for (AlignmentRow row : rows) {
                List<Object> cells = new ArrayList<>(List.of(row.after()));
                for (AlignmentMeasure measure : AlignmentMeasure.values()) {
                    Double value = row.values().get(measure);
                    cells.add(value == null ? "" : value);
                }
                printer.printRecord(cells);
            }
            return text.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads what {@link #csv} wrote; columns that are not known are left out.
     *
     * @throws IllegalArgumentException if the text is no such table
     */
    public static AlignmentHistory parse(String csv) {
        try (Reader text = new StringReader(csv);
                var records = FORMAT.parse(text)) {
            List<CSVRecord> lines = records.getRecords();
            if (lines.isEmpty() || !lines.getFirst().get(0).equals(CORNER)) {
                throw new IllegalArgumentException("the first line must be '" + CORNER + "' and the names of measures");
            }
            List<String> header = lines.getFirst().stream().toList();
            return new AlignmentHistory(lines.stream()
                    .skip(1)
                    .map(line -> new AlignmentRow(line.get(0), values(header, line)))
                    .toList());
        } catch (IOException e) {
            throw new IllegalArgumentException("not a table: " + e.getMessage(), e);
        }
    }

    private static Map<AlignmentMeasure, Double> values(List<String> header, CSVRecord line) {
        if (line.size() != header.size()) {
            throw new IllegalArgumentException("record " + line.getRecordNumber() + " has " + line.size()
                    + " cells where the first line has " + header.size());
        }
        Map<AlignmentMeasure, Double> values = new EnumMap<>(AlignmentMeasure.class);
        for (AlignmentMeasure measure : AlignmentMeasure.values()) {
            int column = header.indexOf(measure.key());
            if (column > 0 && !line.get(column).isEmpty()) {
                try {
                    values.put(measure, Double.valueOf(line.get(column)));
                } catch (NumberFormatException e) {
                    throw new IllegalArgumentException(
                            "record " + line.getRecordNumber() + ": '" + line.get(column) + "' is not a number", e);
                }
            }
        }
        return values;
    }
}
