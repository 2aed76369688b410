package dev.perennial.cli;

import dev.perennial.run.ConfigException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;

/** Comma-separated values: lists of an option, and lines of output. */
final class Csv {
    /** One line feed a line, quotes where they are needed. */
    static final CSVFormat LINES =
            CSVFormat.RFC4180.builder().setRecordSeparator('\n').get();

    private Csv() {}

    /** Returns the values of a list such as {@code a,b,"c, d"}, without blanks around them, the empty ones left out. */
    static List<String> values(List<String> lists) {
        return lists.stream()
                .flatMap(list -> parse(list).stream())
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
    }

    private static List<String> parse(String list) {
        CSVFormat format =
                CSVFormat.DEFAULT.builder().setIgnoreSurroundingSpaces(true).get();
        try (CSVParser parser = CSVParser.parse(list, format)) {
            return parser.stream().flatMap(record -> record.toList().stream()).toList();
        } catch (IOException | UncheckedIOException | IllegalStateException e) {
            throw new ConfigException("'" + list + "' is no comma-separated list (" + e.getMessage() + ")");
        }
    }

    /** Returns lines of values. */
    static String of(List<List<String>> lines) {
        var text = new StringWriter();
        try {
            for (List<String> line : lines) {
                LINES.printRecord(text, line.toArray());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
