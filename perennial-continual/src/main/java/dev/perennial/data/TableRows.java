package dev.perennial.data;

import java.nio.file.InvalidPathException;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The rows of a table, read as samples. */
final class TableRows {
    private final Table table;
    private final String image;
    private final Map<String, List<String>> captions;
    private final Optional<String> language;
    private final Optional<String> label;
    private final Optional<String> split;
    private final Optional<String> time;
    private final List<String> attributes;

    private TableRows(Table table, TableColumns columns) {
        this.table = table;
        this.image = table.column(columns.image(), TableColumns.IMAGE)
                .orElseThrow(() -> new DatasetException(table.file() + ": none of its columns ("
                        + String.join(", ", table.header()) + ") is known to hold image paths; state which does"));
        this.language = table.column(columns.language(), TableColumns.LANGUAGE);
        this.label = table.column(columns.label(), TableColumns.LABEL);
        this.split = table.column(columns.split(), TableColumns.SPLIT);
        this.time = table.column(columns.time(), TableColumns.TIME);
        this.captions = captionColumns(columns);
        Set<String> used = new HashSet<>();
        used.add(image);
        Stream.of(language, label, split, time).flatMap(Optional::stream).forEach(used::add);
        captions.values().forEach(used::addAll);
        this.attributes =
                table.header().stream().filter(column -> !used.contains(column)).toList();
    }

    static TableRows of(Table table, TableColumns columns) {
        return new TableRows(table, columns);
    }

    private Map<String, List<String>> captionColumns(TableColumns columns) {
        var byLanguage = new LinkedHashMap<String, List<String>>();
        columns.captions().forEach((code, names) -> {
            names.values().forEach(table::require);
            byLanguage.put(code, names.values());
        });
        if (byLanguage.isEmpty()) {
            table.column(Optional.empty(), TableColumns.CAPTION)
                    .ifPresent(column -> byLanguage.put("en", List.of(column)));
        }
        return byLanguage;
    }

    /** Returns the splits in order of first appearance; none without a split column. */
    List<String> splits() {
        var splits = new LinkedHashSet<String>();
        table.rows().forEach(row -> cell(row, split).ifPresent(splits::add));
        return List.copyOf(splits);
    }

    /** Returns what every usable row says. */
    List<SampleRecord> records() {
        return table.rows().stream()
                .filter(row -> fault(row).isEmpty())
                .map(this::sampleRecord)
                .toList();
    }

    /**
     * Returns the images of a split in order of first appearance.
     *
     * @param wanted name of the split; empty for all rows
     */
    List<FileImage> images(String wanted) {
        if (!wanted.isEmpty() && split.isEmpty()) {
            throw new DatasetException(table.file() + ": has no column that says which rows are of split \"" + wanted
                    + "\"; state the column, or put the splits into tables of their own in a folder");
        }
        var images = new LinkedHashMap<String, FileImage>();
        for (Table.Row row : table.rows()) {
            // A row too damaged to say its split is counted in every split.
            if (wanted.isEmpty() || cell(row, split).map(wanted::equals).orElse(true)) {
                FileImage image = image(row);
                images.merge(image.key(), image, FileImage::merged);
            }
        }
        return List.copyOf(images.values());
    }

    private FileImage image(Table.Row row) {
        Optional<String> fault = fault(row);
        if (fault.isPresent()) {
            return FileImage.faulty("row " + row.number(), table.file(), fault.get());
        }
        String path = path(row);
        try {
            return new FileImage(path, table.file().resolveSibling(path), sampleRecord(row), Optional.empty());
        } catch (InvalidPathException e) {
            return FileImage.faulty("row " + row.number(), table.file(), "its image path is not one of this system");
        }
    }

    private Optional<String> fault(Table.Row row) {
        if (row.cells().size() != table.header().size()) {
            return Optional.of("it has " + row.cells().size() + " cells but the header has "
                    + table.header().size());
        }
        String path = path(row);
        if (path.isEmpty()) {
            return Optional.of("its column \"" + image + "\" is empty");
        }
        if (path.matches("(?i)[a-z][a-z0-9+.-]+://.*")) {
            return Optional.of("its image is the address " + path + "; fetch the images first");
        }
        if (path.indexOf('\0') >= 0) {
            return Optional.of("its image path holds a NUL character");
        }
        return Optional.empty();
    }

    private SampleRecord sampleRecord(Table.Row row) {
        var texts = new LinkedHashMap<String, List<String>>();
        captions.forEach((code, columns) -> {
            List<String> found = columns.stream()
                    .flatMap(column -> cell(row, Optional.of(column)).stream())
                    .toList();
            if (!found.isEmpty()) {
                texts.put(cell(row, language).orElse(code), found);
            }
        });
        var fields = new LinkedHashMap<String, Object>();
        attributes.forEach(column -> cell(row, Optional.of(column)).ifPresent(value -> fields.put(column, value)));
        cell(row, time).ifPresent(value -> fields.put("time", value));
        var sample = SampleRecord.EMPTY
                .withCaptions(Collections.unmodifiableMap(texts))
                .withAttributes(Collections.unmodifiableMap(fields));
        return cell(row, label).map(sample::withLabel).orElse(sample);
    }

    private String path(Table.Row row) {
        return table.cell(row, image).orElse("");
    }

    private Optional<String> cell(Table.Row row, Optional<String> column) {
        return column.flatMap(name -> table.cell(row, name));
    }
}
