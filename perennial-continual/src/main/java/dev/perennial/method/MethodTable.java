package dev.perennial.method;

import java.util.List;

/**
 * Something that a method says of itself in a run's report.
 *
 * @param title what the table shows
 * @param note how to read it
 * @param columns headings
 * @param rows cells, as many in each row as there are columns
 */
public record MethodTable(String title, String note, List<String> columns, List<List<String>> rows) {
    /** Keeps unchangeable copies and checks that every row fits. */
    public MethodTable {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<String> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(
                        "a row of '" + title + "' has " + row.size() + " cells for " + columns.size() + " columns");
            }
        }
    }
}
