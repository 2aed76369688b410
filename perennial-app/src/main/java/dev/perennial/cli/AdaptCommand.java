package dev.perennial.cli;

import dev.perennial.run.RunConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code perennial adapt}. */
@Command(
        name = "adapt",
        mixinStandardHelpOptions = true,
        description = "Let a method learn a stream, judge it after every experience, and write a report.",
        footer = {
            "",
            "Ctrl-C and SIGTERM finish the step, save and exit with 75; go on with 'perennial resume FOLDER'.",
            "Example: perennial adapt tasks.yaml method=finetune training.learning-rate=1e-4",
            "Example: perennial adapt shop.yaml --follow /srv/shards --until-idle 60"
        })
final class AdaptCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "CONFIG", description = "YAML file: model, method, stream.")
    private Path config = Path.of("");

    @Parameters(
            index = "1..*",
            paramLabel = "KEY=VALUE",
            description = "Settings that replace those of the file, such as seed=7.")
    private List<String> overrides = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FOLDER",
            description = "The run folder; runs/<name> if not given.")
    private Optional<Path> output = Optional.empty();

    @Option(
            names = "--base",
            paramLabel = "FOLDER",
            description = "What relative paths in CONFIG are relative to; its own folder if not given.")
    private Optional<Path> base = Optional.empty();

    @Mixin
    private WatchOption watch = new WatchOption();

    @Option(
            names = "--follow",
            paramLabel = "FOLDER",
            description = {
                "Learn WebDataset shards as they appear in FOLDER, each as a step, until stopped.",
                "The gates of CONFIG say which of the models that come of it may become current."
            })
    private Optional<Path> follow = Optional.empty();

    @Mixin
    private FollowOption until = new FollowOption();

    @Override
    public Integer call() {
        List<String> settings = new ArrayList<>(overrides);
        follow.ifPresent(inbox -> settings.add("stream.follow.folder='"
                + inbox.toAbsolutePath().normalize().toString().replace("'", "''") + "'"));
        RunConfig.Resolved read = RunConfig.read(config, settings);
        RunConfig.Resolved resolved =
                new RunConfig.Resolved(read.config(), read.tree(), base.orElseGet(read::baseFolder));
        Path folder = output.orElseGet(() -> Path.of("runs", resolved.config().name()));
        until.requireFollowed(Runs.follows(resolved));
        Runs.show(Runs.start(resolved, folder, until.end(), watch.view(System.out)), folder, System.out);
        return 0;
    }
}
