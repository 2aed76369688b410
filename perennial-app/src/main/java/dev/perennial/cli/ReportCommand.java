package dev.perennial.cli;

import dev.perennial.clip.checkpoint.DurableFile;
import dev.perennial.evaluate.RunResults;
import dev.perennial.report.Report;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code perennial report}. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = "Compare runs: tables on the terminal, and a report to keep.",
        footer = {
            "",
            "Example: perennial report runs/finetune runs/zscl --output comparison.html",
            "Exit codes: 0 done, 1 the results of a run cannot be read, 2 wrong usage."
        })
final class ReportCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "RUN", description = "Folders of runs, in the order of the report.")
    private List<Path> runs = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description =
                    "What is written (default: report.html, .md or .txt in the folder of a single run, in the current"
                            + " one for several).")
    private Optional<Path> output = Optional.empty();

    @Option(
            names = "--format",
            paramLabel = "html|markdown|text",
            defaultValue = "html",
            description =
                    "What is written: a web page that needs no other file, Markdown, or the text that the terminal"
                            + " shows (default: ${DEFAULT-VALUE}).")
    private Format format = Format.HTML;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** What is written. */
    private enum Format {
        HTML("report.html"),
        MARKDOWN("report.md"),
        TEXT("report.txt");

        private final String file;

        Format(String file) {
            this.file = file;
        }
    }

    @Override
    public Integer call() {
        List<RunResults> results = runs.stream().map(RunResults::read).toList();
        Path file =
                output.orElseGet(() -> runs.size() == 1 ? runs.getFirst().resolve(format.file) : Path.of(format.file));
        String plain = Report.plain(results);
        switch (format) {
            case HTML -> Report.write(results, file);
            case MARKDOWN -> write(file, Report.markdown(results));
            case TEXT -> write(file, plain);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(plain);
        out.println("report: " + file);
        out.flush();
        return 0;
    }

    private static void write(Path file, String text) {
        DurableFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
