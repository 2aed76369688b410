package dev.perennial.run;

import dev.perennial.clip.checkpoint.DurableFile;
import dev.perennial.evaluate.RunResults;
import dev.perennial.follow.Journal;
import dev.perennial.stream.EvaluationSet;
import dev.perennial.stream.FollowSpec;
import dev.perennial.stream.Streams;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Lets a method learn shards as they appear in a folder, and makes a model the current one only where the gates of the configuration let
 * it pass.
 */
public final class FollowRun {
    private final RunConfig.Resolved resolved;
    private final FollowSpec spec;
    private final ModelSource models;
    private final Path cacheFolder;
    private final Consumer<RunEvent> listener;
    private final StopRequest stop;
    private final FollowEnd end;

    /**
     * Creates the run.
     *
     * @param resolved of a configuration with {@code stream.follow}, or {@link RunFolder#configuration} of a run to resume
     * @param models finds the pretrained model
     * @param cacheFolder where packed shards are unpacked
     * @param listener hears what happens
     * @param stop ends it after the step at hand
     * @throws ConfigException if the configuration follows no folder
     */
    public FollowRun(
            RunConfig.Resolved resolved,
            ModelSource models,
            Path cacheFolder,
            Consumer<RunEvent> listener,
            StopRequest stop,
            FollowEnd end) {
        this.resolved = resolved;
        this.spec = resolved.config().stream()
                .follow()
                .orElseThrow(() -> new ConfigException(
                        "the configuration follows no folder; set stream.follow.folder, or give --follow FOLDER"));
        this.models = models;
        this.cacheFolder = cacheFolder;
        this.listener = listener;
        this.stop = stop;
        this.end = end;
    }

    /**
     * Runs from the beginning until the end that was asked for.
     *
     * @param folder is created; must not hold a run
     * @return the results; none if no step was promoted
     * @throws RunStoppedException if it was asked to stop
     */
    public Optional<RunResults> execute(Path folder) {
        Path modelPath = models.find(resolved.config().model(), resolved.baseFolder());
        Path inbox = inbox();
        List<EvaluationSet> control = control();
        try (RunFolder runFolder = RunFolder.create(folder)) {
            try (PretrainedModel model = PretrainedModel.load(modelPath)) {
                RunOrigin.following(resolved, model, control).write(folder);
            }
            Journal.EMPTY.write(folder);
            // A folder is a run from here on.
            DurableFile.write(folder.resolve(RunFolder.CONFIG), resolved.yaml().getBytes(StandardCharsets.UTF_8));
            return follow(runFolder, modelPath, inbox, control);
        } finally {
            control.forEach(set -> set.test().close());
        }
    }

    /**
     * Goes on with the run of a folder: with the shard that was being learned, and then with what has come since.
     *
     * @throws ConfigException if it holds no run, or the model, the control sets or a learned shard are not as they were
     * @throws RunStoppedException if it was asked to stop
     */
    public Optional<RunResults> resume(Path folder) {
        try (RunFolder runFolder = RunFolder.open(folder)) {
            RunOrigin origin = RunOrigin.read(folder);
            origin.requireConfig(folder, resolved);
            Path modelPath = origin.findModel(folder, resolved.config(), models);
            try (PretrainedModel model = PretrainedModel.load(modelPath)) {
                origin.requireModel(folder, model);
            }
            Path inbox = inbox();
            List<EvaluationSet> control = control();
            try {
                origin.requireControl(folder, control);
                return follow(runFolder, modelPath, inbox, control);
            } finally {
                control.forEach(set -> set.test().close());
            }
        }
    }

    private Path inbox() {
        Path inbox =
                resolved.baseFolder().resolve(spec.folder()).toAbsolutePath().normalize();
        if (!Files.isDirectory(inbox)) {
            throw new ConfigException(inbox + ": there is no such folder to follow; create it or check the path");
        }
        return inbox;
    }

    private List<EvaluationSet> control() {
        Streams streams = new Streams(resolved.baseFolder(), cacheFolder);
        return resolved.config().stream().control().orElse(List.of()).stream()
                .map(streams::control)
                .toList();
    }

    private Optional<RunResults> follow(RunFolder folder, Path modelPath, Path inbox, List<EvaluationSet> control) {
        EventLog log = new EventLog(folder.path());
        TensorBoardLog board = new TensorBoardLog(folder.path());
        Consumer<RunEvent> events = event -> {
            log.append(event);
            board.append(event);
            listener.accept(event);
        };
        try (FollowedSteps steps = new FollowedSteps(
                resolved.config().stream().name(),
                spec,
                new Streams(resolved.baseFolder(), cacheFolder),
                inbox,
                control)) {
            return new FollowLoop(
                            folder.path(),
                            folder.checkpoints(),
                            new Trials(
                                    folder.path(),
                                    folder.checkpoints(),
                                    resolved,
                                    cacheFolder,
                                    modelPath,
                                    events,
                                    stop),
                            resolved.config(),
                            spec,
                            inbox,
                            steps,
                            events,
                            stop,
                            end)
                    .run();
        }
    }
}
