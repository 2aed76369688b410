package dev.perennial.cli;

import dev.perennial.run.RunCheck;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code perennial verify}. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Check a run folder: the hash of every file of every checkpoint, the pretrained model, the results.",
            "Says how far the run is and from where it can be resumed. Changes nothing."
        },
        footer = {"", "Exit code: 0 all is whole, 1 something is damaged, 2 no run folder."})
final class VerifyCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "RUN", description = "The run folder.")
    private Path folder = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        RunCheck check = RunCheck.of(folder, ModelOption.source());
        PrintWriter out = spec.commandLine().getOut();
        for (RunCheck.Item item : check.items()) {
            out.println(item.damage()
                    .map(damage -> "DAMAGED  " + item.name() + ": " + damage)
                    .orElse("ok       " + item.name()));
        }
        out.println(check.standing());
        check.keepsUnseenImages()
                .ifPresent(keeps -> out.println(
                        keeps
                                ? "an index of images stays valid: what was not learned is embedded as by the pretrained model"
                                : "an index of images must be built anew: all images are embedded by changed weights"));
        out.flush();
        return check.isWhole() ? 0 : Failures.FAILURE;
    }
}
