package dev.perennial.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;

/** Reads a CSV (RFC 4180) or TSV file with a header row, in UTF-8. */
final class CsvTable {
    private static final int BYTE_ORDER_MARK = 0xFEFF;

    private CsvTable() {}

    static Table read(Path file, Table.Limits limits) throws IOException {
        boolean tabs = file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".tsv");
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setDelimiter(tabs ? '\t' : ',')
                .setHeader()
                .setSkipHeaderRecord(true)
                .setAllowMissingColumnNames(true)
                .setDuplicateHeaderMode(DuplicateHeaderMode.DISALLOW)
                .get();
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            skipByteOrderMark(reader);
            try (CSVParser parser = format.parse(reader)) {
                var rows = new Table.Rows(file, limits);
                for (CSVRecord record : parser) {
                    rows.add(record.getRecordNumber(), List.of(record.values()));
                }
                return new Table(file, List.copyOf(parser.getHeaderNames()), rows.all());
            }
        } catch (CharacterCodingException e) {
            throw new DatasetException(file + ": is not UTF-8; convert it", e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static void skipByteOrderMark(BufferedReader reader) throws IOException {
        reader.mark(1);
        if (reader.read() != BYTE_ORDER_MARK) {
            reader.reset();
        }
    }
}
