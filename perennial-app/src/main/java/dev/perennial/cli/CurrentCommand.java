package dev.perennial.cli;

import dev.perennial.follow.ShardEntry;
import dev.perennial.follow.Verdict;
import dev.perennial.run.CurrentModel;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code perennial current}. */
@Command(
        name = "current",
        mixinStandardHelpOptions = true,
        description = {
            "Say which model of a run is current: the one that every command uses that is given the run.",
            "Of a run that follows a folder also which shards were refused or set aside, and why."
        },
        footer = {"", "Example: perennial current runs/shop"})
final class CurrentCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "RUN", description = "The run folder.")
    private Path folder = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        CurrentModel current = CurrentModel.of(folder);
        PrintWriter out = spec.commandLine().getOut();
        out.println("current     "
                + current.checkpoint()
                        .map(Path::toString)
                        .orElse(current.pretrained().toString()));
        out.println("sha256      " + current.sha256());
        out.println("since       "
                + current.since().orElse("the beginning: it is the pretrained model")
                + current.promotedAt().map(at -> ", promoted " + at).orElse(""));
        if (!current.shards().isEmpty()) {
            out.println("shards      "
                    + String.join(
                            ", ",
                            List.of(Verdict.values()).stream()
                                    .filter(verdict -> count(current, verdict) > 0)
                                    .map(verdict -> count(current, verdict) + " " + verdict.word())
                                    .toList()));
        }
        for (ShardEntry entry : current.shards()) {
            if (!entry.reasons().isEmpty()) {
                out.println("%-11s %s: %s".formatted(entry.verdict().word(), entry.file(), entry.why()));
            }
        }
        out.flush();
        return 0;
    }

    private static long count(CurrentModel current, Verdict verdict) {
        return current.shards().stream()
                .filter(entry -> entry.verdict() == verdict)
                .count();
    }
}
