package dev.perennial.evaluate;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/** Result tables as CSV with a header line. */
public final class Table {
    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setRecordSeparator('\n').get();

    private Table() {}

    /** A line of a table, by the names of its columns. */
    public static final class Line {
        private final List<String> header;
        private final CSVRecord record;

        private Line(List<String> header, CSVRecord record) {
            this.header = header;
            this.record = record;
            if (record.size() != header.size()) {
                throw new IllegalArgumentException("record " + record.getRecordNumber() + " has " + record.size()
                        + " cells where the first line has " + header.size());
            }
        }

        /** Returns the text of a column that the table must have. */
        public String text(String column) {
            return record.get(header.indexOf(column));
        }

        /** Returns the whole number of a column that the table must have. */
        public long whole(String column) {
            try {
                return Long.parseLong(text(column));
            } catch (NumberFormatException e) {
                throw notANumber(column, e);
            }
        }

        /** Returns the number of a column; absent if the cell is empty or the table has no such column. */
        public OptionalDouble number(String column) {
            try {
                return !header.contains(column) || text(column).isEmpty()
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(Double.parseDouble(text(column)));
            } catch (NumberFormatException e) {
                throw notANumber(column, e);
            }
        }

        private IllegalArgumentException notANumber(String column, NumberFormatException e) {
            return new IllegalArgumentException(
                    "record " + record.getRecordNumber() + ": '" + text(column) + "' is not a number", e);
        }
    }

    /** Returns the text of a table. */
    public static String format(List<String> header, List<? extends List<?>> rows) {
        var text = new StringWriter();
        try (var printer = new CSVPrinter(text, FORMAT)) {
            printer.printRecord(header);
            for (List<?> row : rows) {
                printer.printRecord(row);
            }
            return text.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a table.
     *
     * @param required the first columns, in order
     * @throws IllegalArgumentException if the text is no such table
     */
    public static List<Line> parse(String csv, List<String> required) {
        try (var reader = new StringReader(csv);
                var records = FORMAT.parse(reader)) {
            List<CSVRecord> lines = records.getRecords();
            List<String> header =
                    lines.isEmpty() ? List.of() : lines.getFirst().stream().toList();
            if (header.size() < required.size()
                    || !header.subList(0, required.size()).equals(required)) {
                throw new IllegalArgumentException("the first line must begin with " + String.join(",", required));
            }
            return lines.stream().skip(1).map(line -> new Line(header, line)).toList();
        } catch (IOException e) {
            throw new IllegalArgumentException("not a table: " + e.getMessage(), e);
        }
    }
}
