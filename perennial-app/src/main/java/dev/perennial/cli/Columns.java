package dev.perennial.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows of text in left-aligned columns, for a terminal. */
final class Columns {
    private final List<List<String>> rows = new ArrayList<>();

    /** Starts the table with the titles of its columns. */
    Columns(String... titles) {
        row(titles);
    }

    /** Adds a row of as many cells as there are titles. */
    Columns row(String... cells) {
        // Names of files and classes come from strangers: control characters could move the cursor.
        rows.add(IntStream.range(0, cells.length)
                .mapToObj(i -> cells[i].replaceAll("[\\p{Cntrl}\\u0080-\\u009f]+", " "))
                .toList());
        return this;
    }

    /** Returns the lines, each ended by a line feed. */
    @Override
    public String toString() {
        int[] widths = IntStream.range(0, rows.getFirst().size())
                .map(column -> rows.stream()
                        .mapToInt(row -> length(row.get(column)))
                        .max()
                        .orElseThrow())
                .toArray();
        return rows.stream()
                .map(row -> IntStream.range(0, widths.length)
                        .mapToObj(column -> row.get(column) + " ".repeat(widths[column] - length(row.get(column))))
                        .collect(Collectors.joining("  "))
                        .stripTrailing())
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
