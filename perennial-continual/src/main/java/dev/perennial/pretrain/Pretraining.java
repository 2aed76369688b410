package dev.perennial.pretrain;

import dev.perennial.clip.Clip;
import dev.perennial.clip.checkpoint.StoredType;
import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.ModelConfigs;
import dev.perennial.clip.config.TextConfig;
import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.clip.text.BpeTrainer;
import dev.perennial.clip.text.Tokenizer;
import dev.perennial.clip.text.Vocabulary;
import dev.perennial.clip.tower.Initialization;
import dev.perennial.data.BadSamples;
import dev.perennial.data.BatchSampler;
import dev.perennial.data.LoadedBatch;
import dev.perennial.data.Loader;
import dev.perennial.data.LoaderOptions;
import dev.perennial.evaluate.Evaluator;
import dev.perennial.method.PlainClip;
import dev.perennial.pretrain.distill.Distillation;
import dev.perennial.pretrain.distill.DistillationOpener;
import dev.perennial.stream.EvaluationSet;
import dev.perennial.train.Schedule;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Trains a CLIP from scratch by contrast (Radford et al. 2021, section 2.3), its vocabulary first.
 *
 * <p>The model is written to the folder at every validation. Beside it lies what an interrupted training needs to go on to the very
 * model that the uninterrupted one would have given.
 */
public final class Pretraining {
    private static final int PREFETCH = 4;
    /** Steps between two reports. */
    private static final int REPORT_EVERY = 20;
    /** Steps after which the first report comes: an early look at how long it will take. */
    private static final int FIRST_REPORT = 5;

    private final PretrainConfig config;
    private final String identity;
    private final PretrainData data;
    private final DistillationOpener opener;
    private final List<EvaluationSet> validation;
    private final Consumer<PretrainReport> listener;
    private final BooleanSupplier stop;
    private final RandomStreams random;
    private final BadSamples badSamples = new BadSamples();

    /**
     * Creates the training over opened data, which stay the caller's to close.
     *
     * @param identity changes with every setting that decides the course of the training, so that none is resumed with others
     * @param stop is asked after every step whether to save and stop
     */
    public Pretraining(
            PretrainConfig config,
            String identity,
            PretrainData data,
            DistillationOpener opener,
            List<EvaluationSet> validation,
            Consumer<PretrainReport> listener,
            BooleanSupplier stop) {
        this.config = config;
        this.identity = identity;
        this.data = data;
        this.opener = opener;
        this.validation = validation;
        this.listener = listener;
        this.stop = stop;
        this.random = new RandomStreams(config.seed());
    }

    /**
     * Trains and writes the model in the Hugging Face layout.
     *
     * @param resume whether to go on with the training that lies in the folder; otherwise there must be none
     * @return whether all steps were taken; false if it was asked to stop
     * @throws IllegalStateException if the folder holds none to go on with, one of other settings, or one that was not asked for
     */
    public boolean run(Path folder, boolean resume) {
        PretrainCheckpoints checkpoints = new PretrainCheckpoints(folder);
        Optional<PretrainCheckpoints.State> start = start(folder, checkpoints, resume);
        ClipConfig asked = ModelConfigs.parse(config.model().toString());
        Tokenizer tokenizer = tokenizer(asked);
        ClipConfig sizes = fitted(asked, tokenizer);
        Optional<Distillation> distillation = config.distillation()
                .map(teachers -> opener.open(
                        teachers,
                        data.all(),
                        data.corpus(),
                        sizes.embedDim(),
                        random,
                        badSamples,
                        (teacher, done, total) -> listener.accept(new PretrainReport.Asked(teacher, done, total))));
        try (Clip clip = new Clip(
                        sizes,
                        Initialization.draw(sizes, random.stream("initial weights")),
                        tokenizer,
                        Preprocessing.openai(sizes.vision().imageSize()));
                Learner learner = new Learner(clip, config, data, distillation, random)) {
            start.ifPresent(state -> checkpoints.read(state, file -> learner.restore(state, file)));
            return train(clip, learner, checkpoints, start, folder);
        } finally {
            distillation.ifPresent(Distillation::close);
        }
    }

    private Optional<PretrainCheckpoints.State> start(Path folder, PretrainCheckpoints checkpoints, boolean resume) {
        Schedule schedule = schedule();
        Optional<PretrainCheckpoints.State> newest = checkpoints.newest(steps());
        if (resume) {
            PretrainCheckpoints.State state = newest.orElseThrow(() -> new IllegalStateException(
                    folder + ": holds no unfinished training to resume; start one without --resume"));
            if (!state.identity().equals(identity)) {
                throw new IllegalStateException(
                        folder
                                + ": was trained with other settings; resume with the ones in its pretrain.yaml, or train into another folder");
            }
            // A state from within the cooldown of a shorter training is no part of a longer one.
            return state.stepsPlanned() == steps() ? newest : checkpoints.newest(schedule.cooldownStart());
        }
        if (newest.isPresent()) {
            throw new IllegalStateException(folder + ": holds an unfinished training of "
                    + newest.get().step() + " steps; go on with --resume, or train into another folder");
        }
        return Optional.empty();
    }

    private int steps() {
        return config.training().steps().orElseThrow();
    }

    private Schedule schedule() {
        return config.training().schedule(steps());
    }

    private Tokenizer tokenizer(ClipConfig sizes) {
        List<String> corpus = data.corpus();
        Vocabulary vocabulary = new BpeTrainer(sizes.text().vocabularySize()).train(corpus);
        Tokenizer tokenizer =
                new Tokenizer(vocabulary).withContextLength(sizes.text().contextLength());
        listener.accept(new PretrainReport.VocabularyTrained(tokenizer.vocabularySize(), corpus.size()));
        return tokenizer;
    }

    /** The sizes with the vocabulary that the captions gave, which can be smaller than was asked for. */
    private static ClipConfig fitted(ClipConfig sizes, Tokenizer tokenizer) {
        var text = sizes.text();
        return new ClipConfig(
                sizes.embedDim(),
                sizes.vision(),
                new TextConfig(
                        text.contextLength(), tokenizer.vocabularySize(), tokenizer.endId(), text.transformer()));
    }

    private boolean train(
            Clip clip,
            Learner learner,
            PretrainCheckpoints checkpoints,
            Optional<PretrainCheckpoints.State> start,
            Path folder) {
        int steps = steps();
        Schedule schedule = schedule();
        int first = start.map(PretrainCheckpoints.State::step).orElse(0);
        TrainingHistory history = start.map(PretrainCheckpoints.State::history)
                .orElseGet(() -> new TrainingHistory(List.of(), List.of()));
        var clock = new PretrainClock(
                start.map(PretrainCheckpoints.State::seconds).orElse(0.0), config.checkpointMinutes());
        try (Loader loader = loader(clip.preprocessing(), steps, start.map(PretrainCheckpoints.State::position))) {
            double sum = 0;
            int since = 0;
            for (int s = first; s < steps; s++) {
                LoadedBatch batch = loader.next();
                int taken = s + 1;
                sum += learner.learn(batch, taken, config.training().learningRate() * schedule.factor(s));
                since++;
                if (taken == first + FIRST_REPORT || taken % REPORT_EVERY == 0 || taken == steps) {
                    double rate = (double) since * config.training().batchSize() / clock.lap();
                    history.losses().add(new TrainingHistory.Loss(taken, sum / since, rate));
                    double left = (double) (steps - taken) * config.training().batchSize() / rate;
                    listener.accept(new PretrainReport.Stepped(taken, steps, sum / since, rate, left));
                    sum = 0;
                    since = 0;
                }
                boolean validated = taken % config.validateEvery() == 0 || taken == steps;
                if (validated) {
                    validate(clip, learner, taken, clock.seconds(), history, folder);
                }
                boolean branch = config.training().cooldown().isPresent() && taken == schedule.cooldownStart();
                boolean stopped = stop.getAsBoolean() && taken < steps;
                boolean due = validated || stopped || clock.checkpointIsDue();
                if (branch || (due && taken < steps)) {
                    checkpoints.commit(
                            learner.state(taken, steps, branch, identity, batch.next(), clock.seconds(), history),
                            learner.tensors());
                    clock.checkpointed();
                }
                if (stopped) {
                    return false;
                }
            }
        }
        checkpoints.finish();
        return true;
    }

    private Loader loader(Preprocessing preprocessing, int steps, Optional<BatchSampler.Position> from) {
        // From streams of their own, since those of the training go on from where an interruption left them.
        RandomStreams fixed = new RandomStreams(config.seed());
        int[] order = data.mixture(fixed)
                .draw(Math.multiplyExact(steps, config.training().batchSize()));
        var sampler = BatchSampler.ordered(order, config.training().batchSize()).endless();
        return new Loader(
                data.all(),
                sampler,
                from.orElseGet(sampler::start),
                config.training().augmentation().preparation(preprocessing),
                new LoaderOptions(
                        config.training().threads(),
                        PREFETCH,
                        config.training().maxBadShare(),
                        fixed.stream("augmentation").nextLong()),
                badSamples);
    }

    private void validate(Clip clip, Learner learner, int step, double seconds, TrainingHistory history, Path folder) {
        try (Clip snapshot = new Clip(
                clip.config(), learner.result(config.averageDecay()).copy(), clip.tokenizer(), clip.preprocessing())) {
            snapshot.save(folder, StoredType.F16);
            var evaluator = new Evaluator(clip.preprocessing(), config.evaluation(), badSamples);
            SequencedMap<String, Double> scores = new LinkedHashMap<>();
            for (EvaluationSet set : validation) {
                Evaluator.SetResult result = evaluator.evaluate(new PlainClip(snapshot), set);
                scores.put(set.name(), result.score());
                result.further().forEach((title, value) -> scores.put(set.name() + " " + title, value));
            }
            history.validations().add(new TrainingHistory.Validation(step, seconds, scores));
            listener.accept(new PretrainReport.Validated(step, scores, history));
        }
    }
}
