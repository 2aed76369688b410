package dev.perennial.benchmarks;

import dev.perennial.clip.tensor.Precision;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** The table of a speed benchmark, as Markdown or CSV. */
final class ResultTable {
    private static final List<String> COLUMNS = List.of(
            "what",
            "batch",
            "precision",
            "items/s",
            "GFLOP/s",
            "share of GEMM",
            "ONNX Runtime items/s",
            "times ONNX Runtime");

    private ResultTable() {}

    static String markdown(List<Speed> speeds) {
        String rule = COLUMNS.stream().map(_ -> "---").collect(Collectors.joining(" | ", "| ", " |\n"));
        return line(COLUMNS)
                + rule
                + speeds.stream().map(speed -> line(cells(speed))).collect(Collectors.joining());
    }

    static String csv(List<Speed> speeds) {
        return String.join(",", COLUMNS)
                + "\n"
                + speeds.stream()
                        .map(speed -> cells(speed).stream()
                                .map(cell -> cell.contains(",") ? '"' + cell + '"' : cell)
                                .collect(Collectors.joining(",", "", "\n")))
                        .collect(Collectors.joining());
    }

    static String name(Precision precision) {
        return precision == Precision.BFLOAT16 ? "bfloat16" : "float32";
    }

    private static List<String> cells(Speed speed) {
        Contender contender = speed.contender();
        OptionalDouble peer = speed.peerItemsPerSecond();
        return List.of(
                contender.what(),
                Integer.toString(contender.batch()),
                name(contender.precision()),
                number("%.1f", speed.itemsPerSecond()),
                number("%.0f", speed.operationsPerSecond() / 1e9),
                number("%.0f %%", 100 * speed.shareOfGemm()),
                peer.isPresent() ? number("%.1f", peer.getAsDouble()) : "",
                peer.isPresent() ? number("%.2f", speed.itemsPerSecond() / peer.getAsDouble()) : "");
    }

    private static String line(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
