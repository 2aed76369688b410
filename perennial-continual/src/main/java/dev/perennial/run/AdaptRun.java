package dev.perennial.run;

import dev.perennial.clip.checkpoint.DurableFile;
import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.data.BadSample;
import dev.perennial.data.BadSamples;
import dev.perennial.evaluate.Evaluator;
import dev.perennial.evaluate.ResultFiles;
import dev.perennial.evaluate.RunResults;
import dev.perennial.method.Method;
import dev.perennial.stream.Experience;
import dev.perennial.stream.ExperienceStream;
import dev.perennial.stream.Streams;
import dev.perennial.train.Trainer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Lets a method learn a stream, judges it after every experience, and leaves model and results in a run folder. */
public final class AdaptRun {
    private final RunConfig.Resolved resolved;
    private final ModelSource models;
    private final Path cacheFolder;
    private final Consumer<RunEvent> listener;

    /**
     * Creates the run.
     *
     * @param models finds the pretrained model
     * @param cacheFolder where packed shards are unpacked
     * @param listener hears what happens
     */
    public AdaptRun(RunConfig.Resolved resolved, ModelSource models, Path cacheFolder, Consumer<RunEvent> listener) {
        this.resolved = resolved;
        this.models = models;
        this.cacheFolder = cacheFolder;
        this.listener = listener;
    }

    /**
     * Runs from the beginning to the end.
     *
     * @param folder is created; must not hold a run
     */
    public RunResults execute(Path folder) {
        RunConfig config = resolved.config();
        Path modelPath = models.find(config.model(), resolved.baseFolder());
        try (ExperienceStream stream = new Streams(resolved.baseFolder(), cacheFolder).open(config.stream());
                PretrainedModel model = PretrainedModel.load(modelPath);
                RunFolder runFolder = RunFolder.create(folder)) {
            DurableFile.write(folder.resolve(RunFolder.CONFIG), resolved.yaml().getBytes(StandardCharsets.UTF_8));
            EventLog log = new EventLog(folder);
            return learn(runFolder, stream, model, event -> {
                log.append(event);
                listener.accept(event);
            });
        }
    }

    private RunResults learn(
            RunFolder folder, ExperienceStream stream, PretrainedModel model, Consumer<RunEvent> events) {
        RunConfig config = resolved.config();
        RandomStreams random = new RandomStreams(config.seed());
        BadSamples badSamples = new BadSamples();
        var preprocessing = model.clip().preprocessing();
        var evaluator = new Evaluator(preprocessing, config.evaluation(), badSamples);
        var ledger = new Ledger(resolved, model.name(), model.sha256(), stream);
        var context = MethodContexts.learning(resolved, model, stream, cacheFolder, random, badSamples);
        events.accept(new RunEvent.Started(
                config.name(),
                config.method(),
                folder.path(),
                stream.experiences().size(),
                stream.evaluationSets().size()));
        try (Method method =
                MethodCatalog.require("config", config.method()).create(model.handOver(), config.options(), context)) {
            ledger.evaluate(Ledger.ZERO_SHOT, evaluator, method, events);
            for (Experience experience : stream.experiences()) {
                events.accept(new RunEvent.Learning(
                        experience.index(),
                        experience.name(),
                        experience.train().size()));
                var trainer = new Trainer(
                        config.training(),
                        preprocessing,
                        random,
                        badSamples,
                        report -> events.accept(new RunEvent.Stepped(experience.name(), report)));
                ledger.train(() -> trainer.learn(method, experience));
                folder.checkpoints()
                        .commit(experience.index(), experience.name(), config.method(), model, method.save());
                events.accept(new RunEvent.Committed(experience.index(), experience.name()));
                ledger.evaluate(experience.name(), evaluator, method, events);
                new ResultFiles(folder.path()).write(ledger.results(method));
                writeBadSamples(folder.path(), badSamples);
            }
            RunResults results = ledger.results(method);
            events.accept(new RunEvent.Finished(results));
            return results;
        }
    }

    private static void writeBadSamples(Path folder, BadSamples badSamples) {
        if (badSamples.count() > 0) {
            String lines =
                    badSamples.list().stream().map(BadSample::toString).collect(Collectors.joining("\n", "", "\n"));
            DurableFile.write(folder.resolve("bad-samples.txt"), lines.getBytes(StandardCharsets.UTF_8));
        }
    }
}
