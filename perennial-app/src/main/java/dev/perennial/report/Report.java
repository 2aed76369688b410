package dev.perennial.report;

import dev.perennial.clip.checkpoint.DurableFile;
import dev.perennial.evaluate.RunResults;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Reports over one or several runs.
 *
 * <p>Runs of different protocols, streams or test data are never put in one table: each such group has tables of its own.
 */
public final class Report {
    private Report() {}

    /**
     * Writes one self-contained web page: comparison, curves, result matrices, pictures, reading guide and provenance.
     *
     * @param runs the runs, in the order in which they are shown
     * @param file the page, replaced if it exists
     * @throws IllegalArgumentException if there is no run, or two have the same name
     */
    public static void write(List<RunResults> runs, Path file) {
        DurableFile.write(file, HtmlPage.of(checked(runs)).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Returns the comparison, the result matrices, the reading guide and the provenance in Markdown.
     *
     * @throws IllegalArgumentException if there is no run, or two have the same name
     */
    public static String markdown(List<RunResults> runs) {
        return TextReport.markdown(checked(runs));
    }

    /**
     * Returns the comparison and the result matrices as plain text for a terminal.
     *
     * @throws IllegalArgumentException if there is no run, or two have the same name
     */
    public static String plain(List<RunResults> runs) {
        return TextReport.plain(checked(runs));
    }

    private static List<RunResults> checked(List<RunResults> runs) {
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("a report needs at least one run");
        }
        List<String> names = runs.stream().map(run -> run.summary().run()).toList();
        if (names.stream().distinct().count() < names.size()) {
            throw new IllegalArgumentException(
                    "two runs of a report have the same name, so a reader could not tell them apart: " + names);
        }
        return runs;
    }
}
