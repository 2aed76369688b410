package dev.perennial.data;

import dev.perennial.clip.guard.BoundedFile;
import dev.perennial.clip.guard.HeapLimit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A table of text cells with a header: a CSV, TSV or Parquet file. */
record Table(Path file, List<String> header, List<Row> rows) {
    static final List<String> ENDINGS = List.of(".csv", ".tsv", ".parquet");

    /** By what rows, cells and bytes become in memory, with the images that rows stand for. */
    private static final Limits LIMITS = new Limits(HeapLimit.of(1_000), HeapLimit.of(150), HeapLimit.of(4));

    /** How much of a table is held. */
    record Limits(int rows, int cells, int bytes) {}

    /**
     * A row of a table.
     *
     * @param number its place in the table, from 1 on
     * @param cells what its columns say, empty where they say nothing; as many as the header has unless the row is damaged
     */
    record Row(long number, List<String> cells) {}

    static boolean isTable(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return ENDINGS.stream().anyMatch(name::endsWith);
    }

    static Table read(Path file) {
        return read(file, LIMITS);
    }

    static Table read(Path file, Limits limits) {
        try {
            BoundedFile.requireRegular(file);
            if (Files.size(file) > limits.bytes()) {
                throw tooLarge(file, limits.bytes() + " bytes");
            }
            String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
            return name.endsWith(".parquet") ? ParquetTable.read(file, limits) : CsvTable.read(file, limits);
        } catch (NoSuchFileException e) {
            throw new DatasetException(file + ": there is no such table", e);
        } catch (IOException e) {
            throw new DatasetException(file + ": cannot be read as a table (" + e.getMessage() + ")", e);
        }
    }

    /** Returns the place of the stated column, which must be there, or else of the first usual one that is. */
    Optional<String> column(Optional<String> stated, List<String> usual) {
        stated.ifPresent(this::require);
        return stated.or(() -> usual.stream().filter(header::contains).findFirst());
    }

    void require(String column) {
        if (!header.contains(column)) {
            throw new DatasetException(
                    file + ": has no column \"" + column + "\"; it has " + String.join(", ", header));
        }
    }

    /** Returns what a row says in a column; nothing where it has no such cell or an empty one. */
    Optional<String> cell(Row row, String column) {
        int place = header.indexOf(column);
        return place < 0 || place >= row.cells().size()
                ? Optional.empty()
                : Optional.of(row.cells().get(place).strip()).filter(text -> !text.isEmpty());
    }

    private static DatasetException tooLarge(Path file, String limit) {
        return new DatasetException(file + ": has more than " + limit
                + ", more than fit into memory; give the program more (-Xmx) or make shards of it");
    }

    /** Rows of a table as they are read, refused when they become too many for memory. */
    static final class Rows {
        private final Path file;
        private final Limits limits;
        private final List<Row> rows = new ArrayList<>();
        private long cells;
        private long characters;

        Rows(Path file, Limits limits) {
            this.file = file;
            this.limits = limits;
        }

        void add(long number, List<String> row) {
            cells += row.size();
            characters += row.stream().mapToLong(String::length).sum();
            if (rows.size() >= limits.rows() || cells > limits.cells()) {
                throw tooLarge(file, limits.rows() + " rows or " + limits.cells() + " cells");
            }
            if (characters > limits.bytes()) {
                throw tooLarge(file, limits.bytes() + " bytes");
            }
            rows.add(new Row(number, row));
        }

        List<Row> all() {
            return List.copyOf(rows);
        }
    }
}
