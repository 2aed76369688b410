package dev.perennial.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table of text, as aligned columns for a terminal or as Markdown; the first column is left-aligned, the others right-aligned. */
public final class TextTable {
    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    /** Starts a table with the titles of its columns. */
    public TextTable(List<String> header) {
        this.header = List.copyOf(header);
    }

    /**
     * Adds a row.
     *
     * @throws IllegalArgumentException if the row has another number of cells than the header
     */
    public TextTable row(List<String> cells) {
        if (cells.size() != header.size()) {
            throw new IllegalArgumentException(
                    "a row of " + cells.size() + " cells in a table of " + header.size() + " columns: " + cells);
        }
        rows.add(List.copyOf(cells));
        return this;
    }

    /** Adds a row. */
    public TextTable row(String... cells) {
        return row(Arrays.asList(cells));
    }

    /** Returns the table for a terminal: two blanks between columns, a rule under the header, each line ended by a line feed. */
    public String plain() {
        List<List<String>> lines = cleaned(Format::line);
        int[] widths = widths(lines);
        List<String> rule = IntStream.of(widths).mapToObj("-"::repeat).toList();
        lines.add(1, rule);
        return lines.stream()
                .map(line -> IntStream.range(0, widths.length)
                        .mapToObj(column -> pad(line.get(column), widths[column], column > 0))
                        .collect(Collectors.joining("  "))
                        .stripTrailing())
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** Returns the table in Markdown, with whatever Markdown or HTML would take for markup escaped. */
    public String markdown() {
        List<List<String>> lines = cleaned(Markdown::escape);
        lines.add(
                1,
                IntStream.range(0, header.size())
                        .mapToObj(column -> column == 0 ? ":---" : "---:")
                        .toList());
        return lines.stream()
                .map(line -> "| " + String.join(" | ", line) + " |")
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** Writes the table into a page. */
    void write(Html html) {
        html.open("table", "class", "comparison").open("thead").open("tr");
        header.forEach(cell -> html.element("th", cell, "scope", "col"));
        html.close().close().open("tbody");
        for (List<String> row : rows) {
            html.open("tr").element("th", row.getFirst(), "scope", "row");
            row.stream().skip(1).forEach(cell -> html.element("td", cell));
            html.close();
        }
        html.close().close();
    }

    private List<List<String>> cleaned(UnaryOperator<String> clean) {
        var lines = new ArrayList<List<String>>();
        lines.add(header.stream().map(clean).toList());
        rows.forEach(row -> lines.add(row.stream().map(clean).toList()));
        return lines;
    }

    private static int[] widths(List<List<String>> lines) {
        return IntStream.range(0, lines.getFirst().size())
                .map(column -> lines.stream()
                        .mapToInt(line -> length(line.get(column)))
                        .max()
                        .orElseThrow())
                .toArray();
    }

    private static String pad(String text, int width, boolean right) {
        String blanks = " ".repeat(width - length(text));
        return right ? blanks + text : text + blanks;
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
