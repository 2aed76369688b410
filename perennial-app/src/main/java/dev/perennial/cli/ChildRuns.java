package dev.perennial.cli;

import dev.perennial.bench.PlannedRun;
import dev.perennial.bench.RunFailedException;
import dev.perennial.bench.RunLauncher;
import dev.perennial.clip.checkpoint.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleConsumer;
import java.util.stream.Stream;

/** Carries out each run as {@code perennial adapt} in a process of its own, whose peak memory is then that of the run alone. */
final class ChildRuns implements RunLauncher {
    private static final long POLL_MILLISECONDS = 500;

    private final Path folder;

    /**
     * Creates the launcher.
     *
     * @param folder gets the configurations and logs of the runs
     */
    ChildRuns(Path folder) {
        this.folder = folder;
    }

    @Override
    public void launch(PlannedRun run, Path runFolder, DoubleConsumer progress) throws InterruptedException {
        Path log = folder.resolve("logs").resolve(run.folder() + ".log");
        try {
            remove(runFolder);
            Process process = new ProcessBuilder(command(run, runFolder))
                    .redirectErrorStream(true)
                    .redirectOutput(Files.createDirectories(log.getParent())
                            .resolve(log.getFileName())
                            .toFile())
                    .start();
            try (var state = new RunProgress(runFolder, run)) {
                watch(process, state, progress);
            } finally {
                process.destroy();
            }
            if (process.exitValue() != 0) {
                throw new RunFailedException(
                        reason(log) + " (exit code " + process.exitValue() + "; log: " + log + ")");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(log + ": the run cannot be started", e);
        }
    }

    private static void watch(Process process, RunProgress state, DoubleConsumer progress) throws InterruptedException {
        while (!process.waitFor(POLL_MILLISECONDS, TimeUnit.MILLISECONDS)) {
            progress.accept(state.share());
        }
    }

    private List<String> command(PlannedRun run, Path runFolder) throws IOException {
        Path config = folder.resolve("configs").resolve(run.folder() + ".yaml");
        Files.createDirectories(config.getParent());
        DurableFile.write(config, run.config().yaml().getBytes(StandardCharsets.UTF_8));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Perennial.class.getName()));
        command.addAll(List.of("adapt", config.toString(), "--output", runFolder.toString()));
        command.addAll(
                List.of("--base", run.config().baseFolder().toAbsolutePath().toString()));
        return command;
    }

    /** The last complaint in the log says why. */
    private static String reason(Path log) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.startsWith("perennial: "))
                    .reduce((_, last) -> last)
                    .map(line -> line.substring("perennial: ".length()))
                    .orElse("it stopped without a word");
        }
    }

    /** Removes what an interrupted run left behind. */
    private static void remove(Path path) throws IOException {
        if (Files.exists(path)) {
            try (Stream<Path> files = Files.walk(path)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
