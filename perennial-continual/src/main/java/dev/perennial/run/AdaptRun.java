package dev.perennial.run;

import dev.perennial.clip.checkpoint.Disk;
import dev.perennial.clip.checkpoint.DurableFile;
import dev.perennial.evaluate.ResultFileException;
import dev.perennial.evaluate.RunResults;
import dev.perennial.stream.ExperienceStream;
import dev.perennial.stream.Streams;
import dev.perennial.train.checkpoint.CheckpointStore;
import dev.perennial.train.checkpoint.Place;
import dev.perennial.train.checkpoint.StoredCheckpoint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Lets a method learn a stream, judges it after every experience, and leaves model and results in a run folder. */
public final class AdaptRun {
    private final RunConfig.Resolved resolved;
    private final ModelSource models;
    private final Path cacheFolder;
    private final Consumer<RunEvent> listener;
    private final StopRequest stop;
    private final Disk disk;

    /**
     * Creates the run.
     *
     * @param resolved of a configuration, or {@link RunFolder#configuration} of a run to resume
     * @param models finds the pretrained model
     * @param cacheFolder where packed shards are unpacked
     * @param listener hears what happens
     */
    public AdaptRun(RunConfig.Resolved resolved, ModelSource models, Path cacheFolder, Consumer<RunEvent> listener) {
        this(resolved, models, cacheFolder, listener, new StopRequest());
    }

    /** Creates a run that stops when asked to: it finishes the step, saves itself and throws {@link RunStoppedException}. */
    public AdaptRun(
            RunConfig.Resolved resolved,
            ModelSource models,
            Path cacheFolder,
            Consumer<RunEvent> listener,
            StopRequest stop) {
        this(resolved, models, cacheFolder, listener, stop, Disk.SYSTEM);
    }

    /** Creates a run whose checkpoints are written by way of {@code disk}. */
    AdaptRun(
            RunConfig.Resolved resolved,
            ModelSource models,
            Path cacheFolder,
            Consumer<RunEvent> listener,
            StopRequest stop,
            Disk disk) {
        this.resolved = resolved;
        this.models = models;
        this.cacheFolder = cacheFolder;
        this.listener = listener;
        this.stop = stop;
        this.disk = disk;
    }

    /**
     * Runs from the beginning to the end.
     *
     * @param folder is created; must not hold a run
     * @throws RunStoppedException if it was asked to stop
     */
    public RunResults execute(Path folder) {
        RunConfig config = resolved.config();
        Path modelPath = models.find(config.model(), resolved.baseFolder());
        try (ExperienceStream stream = open();
                PretrainedModel model = PretrainedModel.load(modelPath);
                RunFolder runFolder = RunFolder.create(folder)) {
            RunOrigin.of(resolved, model, stream).write(folder);
            // A folder is a run from here on.
            DurableFile.write(folder.resolve(RunFolder.CONFIG), resolved.yaml().getBytes(StandardCharsets.UTF_8));
            Consumer<RunEvent> events = events(folder);
            started(folder, stream, events);
            return loop(runFolder, stream, model, events).begin();
        }
    }

    /**
     * Goes on with the run of a folder from its newest whole checkpoint, to the results that it would have had without a stop.
     *
     * @throws ConfigException if it holds no run, or the model or the data are not those that it began with
     * @throws RunStoppedException if it was asked to stop
     */
    public RunResults resume(Path folder) {
        try (RunFolder runFolder = RunFolder.open(folder)) {
            RunOrigin origin = RunOrigin.read(folder);
            origin.requireConfig(folder, resolved);
            Consumer<RunEvent> events = events(folder);
            CheckpointStore checkpoints = runFolder.checkpoints();
            Optional<StoredCheckpoint> newest =
                    checkpoints.newest(_ -> true, (path, damage) -> events.accept(new RunEvent.Damaged(path, damage)));
            try (ExperienceStream stream = open();
                    PretrainedModel model = PretrainedModel.load(origin.findModel(folder, resolved.config(), models))) {
                origin.requireModel(folder, model);
                origin.requireData(folder, stream);
                Place last = Place.after(stream.experiences().size() - 1);
                if (newest.filter(checkpoint -> checkpoint.place().equals(last)).isPresent()) {
                    Optional<RunResults> results = finished(folder);
                    if (results.isPresent()) {
                        events.accept(new RunEvent.Finished(results.get()));
                        return results.get();
                    }
                }
                // What lies after it is damaged, and would count as newer.
                checkpoints.discardAfter(newest.map(StoredCheckpoint::place).orElse(Place.BEFORE_ALL));
                started(folder, stream, events);
                RunLoop loop = loop(runFolder, stream, model, events);
                return newest.isPresent() ? loop.goOn(newest.get()) : loop.begin();
            }
        }
    }

    /** Returns the results of a run if its last row was written. */
    private static Optional<RunResults> finished(Path folder) {
        try {
            RunResults results = RunResults.read(folder);
            int last = results.matrix().experiences().size() - 1;
            return Optional.of(results).filter(all -> all.matrix().measured(last));
        } catch (ResultFileException e) {
            return Optional.empty();
        }
    }

    private RunLoop loop(RunFolder folder, ExperienceStream stream, PretrainedModel model, Consumer<RunEvent> events) {
        return new RunLoop(folder.path(), folder.checkpoints(disk), resolved, cacheFolder, stream, model, events, stop);
    }

    private ExperienceStream open() {
        return new Streams(resolved.baseFolder(), cacheFolder).open(resolved.config().stream());
    }

    private void started(Path folder, ExperienceStream stream, Consumer<RunEvent> events) {
        RunConfig config = resolved.config();
        events.accept(new RunEvent.Started(
                config.name(),
                config.method(),
                folder,
                stream.experiences().size(),
                stream.evaluationSets().size()));
    }

    private Consumer<RunEvent> events(Path folder) {
        var log = new EventLog(folder);
        var board = new TensorBoardLog(folder);
        return event -> {
            log.append(event);
            board.append(event);
            listener.accept(event);
        };
    }
}
