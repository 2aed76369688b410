package dev.perennial.data;

import dev.perennial.clip.guard.BoundedFile;
import dev.perennial.clip.guard.HeapLimit;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;

/** A CSV (RFC 4180) or TSV file with a header row, in UTF-8. */
record Table(Path file, List<String> header, List<CSVRecord> rows) {
    private static final int BYTE_ORDER_MARK = 0xFEFF;
    /** By what rows, cells and bytes become in memory, with the images that rows stand for. */
    private static final Limits LIMITS = new Limits(HeapLimit.of(1_000), HeapLimit.of(150), HeapLimit.of(4));

    /** How much of a table is held. */
    record Limits(int rows, int cells, int bytes) {}

    static boolean isTable(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".csv") || name.endsWith(".tsv");
    }

    static Table read(Path file) {
        return read(file, LIMITS);
    }

    static Table read(Path file, Limits limits) {
        boolean tabs = file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".tsv");
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setDelimiter(tabs ? '\t' : ',')
                .setHeader()
                .setSkipHeaderRecord(true)
                .setAllowMissingColumnNames(true)
                .setDuplicateHeaderMode(DuplicateHeaderMode.DISALLOW)
                .get();
        try (BufferedReader reader = reader(file, limits)) {
            skipByteOrderMark(reader);
            try (CSVParser parser = format.parse(reader)) {
                return new Table(file, List.copyOf(parser.getHeaderNames()), records(file, parser, limits));
            }
        } catch (CharacterCodingException e) {
            throw new DatasetException(file + ": is not UTF-8; convert it", e);
        } catch (NoSuchFileException e) {
            throw new DatasetException(file + ": there is no such table", e);
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            throw new DatasetException(file + ": cannot be read as a table (" + e.getMessage() + ")", e);
        }
    }

    private static BufferedReader reader(Path file, Limits limits) throws IOException {
        BoundedFile.requireRegular(file);
        if (Files.size(file) > limits.bytes()) {
            throw tooLarge(file, limits.bytes() + " bytes");
        }
        return Files.newBufferedReader(file, StandardCharsets.UTF_8);
    }

    private static List<CSVRecord> records(Path file, CSVParser parser, Limits limits) {
        var records = new ArrayList<CSVRecord>();
        long cells = 0;
        for (CSVRecord record : parser) {
            cells += record.size();
            if (records.size() >= limits.rows() || cells > limits.cells()) {
                throw tooLarge(file, limits.rows() + " rows or " + limits.cells() + " cells");
            }
            records.add(record);
        }
        return records;
    }

    private static DatasetException tooLarge(Path file, String limit) {
        return new DatasetException(file + ": has more than " + limit
                + ", more than fit into memory; give the program more (-Xmx) or make shards of it");
    }

    private static void skipByteOrderMark(BufferedReader reader) throws IOException {
        reader.mark(1);
        if (reader.read() != BYTE_ORDER_MARK) {
            reader.reset();
        }
    }

    /** Returns the stated column, which must be there, or else the first usual one that is. */
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
}
