package dev.perennial.cli;

import dev.perennial.clip.checkpoint.CheckpointException;
import dev.perennial.clip.checkpoint.HubException;
import dev.perennial.clip.image.ImageFormatException;
import dev.perennial.data.DatasetException;
import dev.perennial.evaluate.ResultFileException;
import dev.perennial.run.ConfigException;
import dev.perennial.run.RunStoppedException;
import dev.perennial.run.Suggestion;
import dev.perennial.train.DivergenceException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells a user in one line what went wrong; stack traces are for those who ask. */
final class Failures implements CommandLine.IExecutionExceptionHandler {
    static final int FAILURE = 1;
    static final int USAGE = 2;
    /** EX_TEMPFAIL of sysexits.h: stopped on request, and the same work can go on. */
    static final int STOPPED = 75;

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
        return switch (e) {
            case ConfigException _ -> USAGE;
            case RunStoppedException _ -> STOPPED;
            default -> FAILURE;
        };
    }

    /** Says what is wrong with the arguments. */
    static int usage(ParameterException e, String[] args) {
        PrintWriter err = e.getCommandLine().getErr();
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        err.println("perennial: " + wrong(e) + "; see '" + command + " --help'");
        err.flush();
        return USAGE;
    }

    /** Tells of inputs that were left out, one line each, and returns the exit code. */
    static int report(List<String> leftOut, CommandLine command) {
        leftOut.forEach(reason -> command.getErr().println("perennial: " + firstLine(reason)));
        command.getErr().flush();
        return leftOut.isEmpty() ? 0 : FAILURE;
    }

    private static String wrong(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)) {
            return firstLine(String.valueOf(e.getMessage()));
        }
        String word = unmatched.getUnmatched().getFirst();
        Collection<String> commands = e.getCommandLine().getSubcommands().keySet();
        if (!unmatched.isUnknownOption() && !commands.isEmpty()) {
            return Suggestion.unknown("command", word, commands);
        }
        List<String> near = unmatched.getSuggestions();
        return "unknown " + (unmatched.isUnknownOption() ? "option" : "argument") + " '" + word + "'"
                + (near.isEmpty() ? "" : "; did you mean '" + near.getFirst() + "'?");
    }

    private static String cause(Exception e) {
        Throwable cause = e.getCause();
        return cause == null || cause.getMessage() == null || text(e).contains(cause.getMessage())
                ? ""
                : " (" + cause.getMessage() + ")";
    }

    private static String text(Exception e) {
        return firstLine(String.valueOf(e.getMessage()));
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    private static String message(Exception e) {
        String text = text(e);
        return switch (e) {
            case ConfigException _,
                    CheckpointException _,
                    DatasetException _,
                    DivergenceException _,
                    HubException _,
                    ImageFormatException _,
                    ResultFileException _,
                    RunStoppedException _,
                    IllegalArgumentException _ -> text;
            case UncheckedIOException _ -> text + cause(e);
            default ->
                "internal error: " + e.getClass().getSimpleName() + ": " + text
                        + " (please report it; --verbose shows where)";
        };
    }
}
