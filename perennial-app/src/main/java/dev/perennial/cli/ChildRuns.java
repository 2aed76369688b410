package dev.perennial.cli;

import dev.perennial.bench.PlannedRun;
import dev.perennial.bench.RunFailedException;
import dev.perennial.bench.RunLauncher;
import dev.perennial.clip.checkpoint.DurableFile;
import dev.perennial.run.RunFolder;
import dev.perennial.run.StopRequest;
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

/**
 * Carries out each run as {@code perennial adapt} or {@code perennial resume} in a process of its own, whose peak memory is then that of
 * the run alone.
 */
final class ChildRuns implements RunLauncher {
    private static final long POLL_MILLISECONDS = 500;
    /** Ctrl-C reaches all processes of a terminal; a run hears of it from the benchmark, once, so that it saves itself. */
    private static final List<String> WITHOUT_INTERRUPTS = List.of("/bin/sh", "-c", "trap '' INT; exec \"$@\"", "sh");

    private final Path folder;
    private final StopRequest stop;

    /**
     * Creates the launcher.
     *
     * @param folder gets the configurations and logs of the runs
     * @param stop once made, runs save themselves and end
     */
    ChildRuns(Path folder, StopRequest stop) {
        this.folder = folder;
        this.stop = stop;
    }

    @Override
    public void launch(PlannedRun run, Path runFolder, DoubleConsumer progress) throws InterruptedException {
        Path log = folder.resolve("logs").resolve(run.folder() + ".log");
        try {
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
            boolean stopped = stop.isMade() && process.exitValue() == Failures.STOPPED;
            if (process.exitValue() != 0 && !stopped) {
                throw new RunFailedException(
                        reason(log) + " (exit code " + process.exitValue() + "; log: " + log + ")");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(log + ": the run cannot be started", e);
        }
    }

    private void watch(Process process, RunProgress state, DoubleConsumer progress) throws InterruptedException {
        boolean told = false;
        while (!process.waitFor(POLL_MILLISECONDS, TimeUnit.MILLISECONDS)) {
            if (stop.isMade() && !told) {
                // A second signal would end it without saving.
                process.destroy();
                told = true;
            }
            progress.accept(state.share());
        }
    }

    private List<String> command(PlannedRun run, Path runFolder) throws IOException {
        List<String> command = new ArrayList<>(WITHOUT_INTERRUPTS);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Perennial.class.getName()));
        if (RunFolder.isResumable(runFolder)) {
            command.addAll(List.of("resume", runFolder.toString()));
            return command;
        }
        remove(runFolder);
        Path config = folder.resolve("configs").resolve(run.folder() + ".yaml");
        Files.createDirectories(config.getParent());
        DurableFile.write(config, run.config().yaml().getBytes(StandardCharsets.UTF_8));
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

    /** Removes what a run left behind that was cut off before its first checkpoint. */
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
