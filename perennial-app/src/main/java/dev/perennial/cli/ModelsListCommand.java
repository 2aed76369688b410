package dev.perennial.cli;

import dev.perennial.bundle.Bundle;
import dev.perennial.clip.checkpoint.Checkpoint;
import dev.perennial.clip.checkpoint.CheckpointException;
import dev.perennial.clip.checkpoint.CheckpointOptions;
import dev.perennial.clip.checkpoint.CheckpointReader;
import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.ModelConfigs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code perennial models ls}. */
@Command(
        name = "ls",
        mixinStandardHelpOptions = true,
        description =
                "List the models that are here, bundled and pulled, and the architectures that are known by name.",
        footer = {"", "Example: perennial models ls"})
final class ModelsListCommand implements Callable<Integer> {
    private static final Set<String> CONFIGS = Set.of("config.json", "open_clip_config.json");
    /** A pulled model lies in a folder of its owner, or directly. */
    private static final int DEPTH = 3;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Columns table = new Columns("name", "kind", "parameters", "embedding", "activation", "image tower");
        new Bundle(Folders.bundled()).models().forEach((name, folder) -> opened(table, name, "bundled", folder.get()));
        Path pulled = Folders.models();
        for (Path folder : pulled(pulled)) {
            opened(table, pulled.relativize(folder).toString(), "pulled", folder);
        }
        for (String name : ModelConfigs.names()) {
            described(table, name, "architecture", ModelConfigs.find(name).orElseThrow());
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(table);
        out.println("Pulled models lie in " + pulled + ".");
        out.flush();
        return 0;
    }

    private static void opened(Columns table, String name, String kind, Path folder) {
        try (Checkpoint checkpoint = CheckpointReader.open(folder, CheckpointOptions.NONE)) {
            described(table, name, kind, checkpoint.config());
        } catch (CheckpointException | UncheckedIOException e) {
            table.row(name, kind, "unreadable: " + e.getMessage(), "", "", "");
        }
    }

    private static void described(Columns table, String name, String kind, ClipConfig config) {
        table.row(
                name,
                kind,
                "%9.1f M".formatted(config.parameterCount() / 1e6),
                Integer.toString(config.embedDim()),
                config.activation().configName(),
                ModelSizes.imageTower(config.vision()));
    }

    private static List<Path> pulled(Path models) {
        if (!Files.isDirectory(models)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(models, DEPTH)) {
            return files.filter(file -> CONFIGS.contains(file.getFileName().toString()))
                    .flatMap(file -> Stream.ofNullable(file.getParent()))
                    .distinct()
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(models + ": cannot be listed", e);
        }
    }
}
