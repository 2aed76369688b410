package dev.perennial.cli;

import dev.perennial.run.AdapterFile;
import dev.perennial.run.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code perennial models adapter}. */
@Command(
        name = "adapter",
        mixinStandardHelpOptions = true,
        description =
                "Save what a run has learned as one small file, which names the model that it belongs to by hash. For methods"
                        + " that leave the pretrained weights as they are, such as moe-adapters, coleclip and rail.",
        footer = {
            "",
            "Example: perennial models adapter runs/moe birds.safetensors",
            "         perennial classify --model perennial-micro --adapter birds.safetensors --labels wren,rook photos/",
            "Exit codes: 0 done, 1 the run cannot be read or has no adapters, 2 wrong usage."
        })
final class ModelsAdapterCommand implements Callable<Integer> {
    private static final String EXTENSION = ".safetensors";

    @Parameters(index = "0", paramLabel = "RUN", description = "The folder of a run (its newest checkpoint is saved).")
    private Path run = Path.of("");

    @Parameters(index = "1", paramLabel = "FILE", description = "Where it is written; ends in " + EXTENSION + ".")
    private Path file = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (!file.toString().endsWith(EXTENSION)) {
            throw new ConfigException(file + ": a file of adapters ends in " + EXTENSION + "; name it so");
        }
        if (Files.exists(file)) {
            throw new ConfigException(file + ": is there already; choose another name or delete it");
        }
        AdapterFile.Content content = AdapterFile.write(run, ModelOption.source(), file);
        PrintWriter out = spec.commandLine().getOut();
        out.println(String.format(
                Locale.ROOT,
                "adapter: %s, %.1f MiB, what %s learned of %s (%d of its experiences), for %s",
                file,
                size() / 1048576.0,
                content.adaptation().method(),
                content.stream(),
                content.experiences(),
                content.model()));
        out.flush();
        return 0;
    }

    private long size() {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read again", e);
        }
    }
}
