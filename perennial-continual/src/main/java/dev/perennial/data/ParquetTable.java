package dev.perennial.data;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;
import org.duckdb.DuckDBDriver;

/**
 * Reads the columns of a Parquet file that hold one text, number, truth value, date or time a row, as the text that a CSV file would have:
 * dates and times in ISO 8601, with a space between both, and in UTC where the file knows a time zone. Lists, structures and bytes are left out.
 */
final class ParquetTable {
    private ParquetTable() {}

    static Table read(Path file, Table.Limits limits) throws IOException {
        try (Connection database = new DuckDBDriver().connect("jdbc:duckdb:", new Properties())) {
            // One thread: a table is small beside its images, and the other cores may be training. A file may unfold to
            // any size, and nothing
            // of it is to be written to disk or fetched from elsewhere.
            try (Statement settings = database.createStatement()) {
                settings.execute("SET threads = 1");
                settings.execute("SET memory_limit = '" + (limits.bytes() / 1_000_000 + 64) + "MB'");
                settings.execute("SET temp_directory = ''");
                // A moment must not fall on another day because the machine stands elsewhere.
                settings.execute("SET TimeZone = 'UTC'");
                settings.execute("SET autoinstall_known_extensions = false");
            }
            List<String> header = header(database, file);
            return new Table(file, header, header.isEmpty() ? List.of() : rows(database, file, header, limits));
        } catch (SQLException e) {
            // After its first line a message shows the query.
            throw new IOException(
                    Objects.requireNonNullElse(e.getMessage(), "it is damaged")
                            .lines()
                            .findFirst()
                            .orElse("it is damaged"),
                    e);
        }
    }

    private static List<String> header(Connection database, Path file) throws SQLException {
        try (PreparedStatement query = database.prepareStatement("SELECT * FROM read_parquet(?) LIMIT 0")) {
            query.setString(1, pattern(file));
            try (ResultSet none = query.executeQuery()) {
                var header = new ArrayList<String>();
                for (int column = 1; column <= none.getMetaData().getColumnCount(); column++) {
                    if (isOneText(none.getMetaData().getColumnTypeName(column))) {
                        header.add(none.getMetaData().getColumnName(column));
                    }
                }
                return List.copyOf(header);
            }
        }
    }

    private static List<Table.Row> rows(Connection database, Path file, List<String> header, Table.Limits limits)
            throws SQLException {
        String columns = header.stream()
                .map(name -> "CAST(\"" + name.replace("\"", "\"\"") + "\" AS VARCHAR)")
                .collect(Collectors.joining(", "));
        var rows = new Table.Rows(file, limits);
        try (PreparedStatement query = database.prepareStatement(
                "SELECT " + columns + " FROM read_parquet(?) LIMIT " + (limits.rows() + 1L))) {
            query.setString(1, pattern(file));
            try (ResultSet result = query.executeQuery()) {
                for (long number = 1; result.next(); number++) {
                    var cells = new ArrayList<String>(header.size());
                    for (int column = 1; column <= header.size(); column++) {
                        cells.add(Objects.requireNonNullElse(result.getString(column), ""));
                    }
                    rows.add(number, cells);
                }
            }
        }
        return rows.all();
    }

    /** The engine takes a pattern of names; a set of one character stands for itself. */
    private static String pattern(Path file) {
        return file.toAbsolutePath().toString().replaceAll("[*?\\[]", "[$0]");
    }

    private static boolean isOneText(String type) {
        return !type.endsWith("]")
                && switch (type.replaceAll("\\(.*", "")) {
                    case "BLOB", "BIT", "STRUCT", "MAP", "UNION", "VARIANT", "GEOMETRY", "INTERVAL" -> false;
                    default -> true;
                };
    }
}
