package dev.perennial.cli;

import dev.perennial.clip.checkpoint.CheckpointException;
import dev.perennial.clip.image.ImageFormatException;
import dev.perennial.data.DatasetException;
import dev.perennial.evaluate.ResultFileException;
import dev.perennial.run.ConfigException;
import dev.perennial.train.DivergenceException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells a user in one line what went wrong; stack traces are for those who ask. */
final class Failures implements CommandLine.IExecutionExceptionHandler {
    static final int FAILURE = 1;
    static final int USAGE = 2;

    private final BooleanSupplier verbose;

    Failures(BooleanSupplier verbose) {
        this.verbose = verbose;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        PrintWriter err = command.getErr();
        err.println("perennial: " + message(e));
        if (verbose.getAsBoolean()) {
            e.printStackTrace(err);
        }
        err.flush();
        return e instanceof ConfigException ? USAGE : FAILURE;
    }

    /** Says what is wrong with the arguments. */
    static int usage(ParameterException e, String[] args) {
        PrintWriter err = e.getCommandLine().getErr();
        err.println("perennial: " + e.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(e, err)) {
            err.println("See: " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        }
        err.flush();
        return USAGE;
    }

    private static String cause(Exception e) {
        Throwable cause = e.getCause();
        return cause == null || cause.getMessage() == null || text(e).contains(cause.getMessage())
                ? ""
                : " (" + cause.getMessage() + ")";
    }

    private static String text(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static String message(Exception e) {
        String text = text(e);
        return switch (e) {
            case ConfigException _,
                    CheckpointException _,
                    DatasetException _,
                    DivergenceException _,
                    ImageFormatException _,
                    ResultFileException _,
                    IllegalArgumentException _ -> text;
            case UncheckedIOException _ -> text + cause(e);
            default ->
                "internal error: " + e.getClass().getSimpleName() + ": " + text
                        + " (please report it; --verbose shows where)";
        };
    }
}
