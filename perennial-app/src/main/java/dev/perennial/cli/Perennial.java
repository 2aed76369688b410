package dev.perennial.cli;

import dev.perennial.run.Software;
import java.util.Locale;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The program {@code perennial}. */
@Command(
        name = "perennial",
        description = "Keeps a CLIP model up to date, task after task, without losing what it knows.",
        mixinStandardHelpOptions = true,
        versionProvider = Perennial.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            AdaptCommand.class,
            ResumeCommand.class,
            VerifyCommand.class,
            CurrentCommand.class,
            BenchCommand.class,
            PretrainCommand.class,
            ValidateCommand.class,
            EvaluateCommand.class,
            BlindPairsCommand.class,
            ProbeCommand.class,
            ClassifyCommand.class,
            EmbedCommand.class,
            ReportCommand.class,
            MethodsCommand.class,
            ModelsCommand.class,
            DoctorCommand.class,
            HelpCommand.class,
            AutoComplete.GenerateCompletion.class
        },
        footer = {
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 75 stopped by a signal and resumable.",
            "Start with: perennial demo"
        })
public final class Perennial {
    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show stack traces of errors.")
    private boolean verbose;

    /** What a shell reports for a program that Ctrl-C ended. */
    private static final int INTERRUPTED = 130;

    /** Negative while the command runs. */
    private static volatile int exitCode = -1;

    private Perennial() {}

    /** Runs a command and exits with its code. */
    public static void main(String[] args) {
        // Numbers look the same everywhere, so that scripts can read them.
        Locale.setDefault(Locale.ROOT);
        // A signal must not run the engine's static destructors while a kernel is at work: it would crash on the way
        // out.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (exitCode < 0) {
                // The runs of a benchmark must not go on unseen.
                ProcessHandle.current().children().forEach(ProcessHandle::destroy);
                Runtime.getRuntime().halt(INTERRUPTED);
            }
        }));
        exitCode = run(args);
        System.exit(exitCode);
    }

    /** Runs a command and returns its exit code. */
    static int run(String... args) {
        return commandLine().execute(args);
    }

    static CommandLine commandLine() {
        Perennial root = new Perennial();
        CommandLine line = new CommandLine(root);
        line.setExecutionExceptionHandler(new Failures(() -> root.verbose));
        line.setParameterExceptionHandler(Failures::usage);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(true);
        return line;
    }

    /** Prints the version and the commit that it was built from. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"perennial " + Software.commit()};
        }
    }
}
