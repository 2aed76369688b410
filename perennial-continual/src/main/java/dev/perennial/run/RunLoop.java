package dev.perennial.run;

import dev.perennial.clip.checkpoint.DurableFile;
import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.checkpoint.TensorFile;
import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.data.BadSample;
import dev.perennial.data.BadSamples;
import dev.perennial.evaluate.Evaluator;
import dev.perennial.evaluate.ResultFiles;
import dev.perennial.evaluate.RunResults;
import dev.perennial.evaluate.alignment.AlignmentRecorder;
import dev.perennial.evaluate.anytime.ArrivalCounts;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodState;
import dev.perennial.stream.Arrivals;
import dev.perennial.stream.EvaluationSet;
import dev.perennial.stream.Experience;
import dev.perennial.stream.ExperienceStream;
import dev.perennial.train.OnlineTraining;
import dev.perennial.train.StepBoundary;
import dev.perennial.train.Trainer;
import dev.perennial.train.TrainingConfig;
import dev.perennial.train.TrainingState;
import dev.perennial.train.checkpoint.Cadence;
import dev.perennial.train.checkpoint.CheckpointConfig;
import dev.perennial.train.checkpoint.CheckpointStore;
import dev.perennial.train.checkpoint.Place;
import dev.perennial.train.checkpoint.StoredCheckpoint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Learns, saves and judges, one experience after another, from the beginning or from a checkpoint. */
final class RunLoop {
    private final Path folder;
    private final RunConfig config;
    private final ExperienceStream stream;
    private final PretrainedModel model;
    private final Consumer<RunEvent> events;
    private final StopRequest stop;
    private final CheckpointStore checkpoints;
    private final Cadence cadence;
    private final RandomStreams random;
    private final BadSamples badSamples = new BadSamples();
    private final Preprocessing preprocessing;
    private final Evaluator evaluator;
    private final MethodContext context;
    private final AlignmentRecorder alignment;
    private final Diagnosis diagnosis;
    private final Anytime anytime;
    private final Ledger ledger;
    private final int unjudged;
    private final TrainingConfig training;

    RunLoop(
            Path folder,
            CheckpointStore checkpoints,
            RunConfig.Resolved resolved,
            Path cacheFolder,
            ExperienceStream stream,
            PretrainedModel model,
            Consumer<RunEvent> events,
            StopRequest stop) {
        this(folder, checkpoints, resolved, cacheFolder, stream, model, events, stop, stream.evaluationSets(), 0);
    }

    /**
     * Creates a loop for steps that are on trial.
     *
     * @param aligned sets on which alignment is measured
     * @param unjudged checkpoints after experiences that are kept beside the configured number, since they do not count yet
     */
    RunLoop(
            Path folder,
            CheckpointStore checkpoints,
            RunConfig.Resolved resolved,
            Path cacheFolder,
            ExperienceStream stream,
            PretrainedModel model,
            Consumer<RunEvent> events,
            StopRequest stop,
            List<EvaluationSet> aligned,
            int unjudged) {
        this.unjudged = unjudged;
        this.folder = folder;
        this.config = resolved.config();
        this.stream = stream;
        this.model = model;
        this.events = events;
        this.stop = stop;
        this.checkpoints = checkpoints;
        this.cadence = new Cadence(config.checkpoint());
        this.random = new RandomStreams(config.seed());
        this.preprocessing = model.clip().preprocessing();
        this.evaluator = new Evaluator(preprocessing, config.evaluation(), badSamples);
        // Before a method changes the model.
        long macs = model.clip().config().macs();
        this.training = config.training().forModel(macs);
        this.context = MethodContexts.learning(resolved, model, stream, cacheFolder, random, badSamples);
        this.alignment = new AlignmentRecorder(aligned, preprocessing, config.evaluation());
        this.diagnosis = new Diagnosis(config.diagnosis(), aligned, preprocessing, config.evaluation());
        this.anytime = new Anytime(stream.arrivals(), config.evaluation(), preprocessing);
        this.ledger = new Ledger(resolved, model.name(), model.sha256(), macs, stream, alignment, diagnosis, anytime);
    }

    /** Runs from the beginning. */
    RunResults begin() {
        try (Method method = create()) {
            begin(method);
            ledger.evaluate(Ledger.ZERO_SHOT, evaluator, method, events, this::stopIfAsked);
            if (stream.arrivals().isPresent()) {
                Arrivals arrivals = stream.arrivals().get();
                try (OnlineTraining training = trainer(arrivals.told()).begin(method, arrivals)) {
                    return learnSessions(0, method, training);
                }
            }
            return learnFrom(0, method);
        }
    }

    /** Goes on from a checkpoint. */
    RunResults goOn(StoredCheckpoint checkpoint) {
        RunState state = RunState.read(checkpoint);
        try (Method method = create()) {
            // Before it is put back to what it has learned.
            begin(method);
            restore(method, checkpoint, state);
            ledger.restore(state.ledger());
            Experience experience = stream.experiences().get(state.experience());
            long learned = state.training()
                    .map(training -> learnedBefore() + training.progress().samples())
                    .orElseGet(ledger::samples);
            events.accept(new RunEvent.Resumed(checkpoint.place(), experience.name(), learned));
            if (stream.arrivals().isPresent()) {
                return goOnOnline(
                        method, experience, checkpoint, state, stream.arrivals().get());
            }
            if (state.training().isPresent()) {
                goOnLearning(method, experience, checkpoint, state.training().get());
            }
            judge(method, experience);
            return learnFrom(experience.index() + 1, method);
        }
    }

    private void begin(Method pretrained) {
        // What cannot be trained is said before hours of judging.
        training.requireFit(pretrained);
        alignment.begin(pretrained.adapted());
        diagnosis.begin(pretrained.adapted());
    }

    /**
     * What came of a step that is on trial.
     *
     * @param results as if it was promoted
     * @param measured the same, for the next step to go on with
     */
    record Trial(RunResults results, LedgerState measured) {}

    /**
     * Learns the last experience of the stream on top of the current model and judges it; result files stay as they are.
     *
     * @param current checkpoint of the current model, that of the experience before; absent for the pretrained model
     * @param measured of the current model and those before it, with an empty column for the new step; absent where nothing was
     * @param own the newest checkpoint of the new step itself, from where it goes on
     */
    Trial learnNewest(
            Optional<StoredCheckpoint> current, Optional<LedgerState> measured, Optional<StoredCheckpoint> own) {
        Experience newest = stream.experiences().getLast();
        try (Method method = create()) {
            begin(method);
            if (own.isPresent()) {
                RunState state = RunState.read(own.get());
                restore(method, own.get(), state);
                ledger.restore(state.ledger());
                long learned = ledger.samples()
                        + state.training()
                                .map(before -> before.progress().samples())
                                .orElse(0L);
                events.accept(new RunEvent.Resumed(own.get().place(), newest.name(), learned));
                if (state.training().isPresent()) {
                    goOnLearning(method, newest, own.get(), state.training().get());
                }
            } else {
                foresee(method, current, measured);
                learn(method, newest);
            }
            ledger.evaluate(newest.name(), evaluator, method, events, this::stopIfAsked);
            writeBadSamples();
            return new Trial(ledger.results(method), ledger.state());
        }
    }

    /** Measures what the pretrained and the current model make of the new step, and leaves the method as the current one. */
    private void foresee(Method method, Optional<StoredCheckpoint> current, Optional<LedgerState> measured) {
        EvaluationSet heldOut = stream.evaluationSets().get(stream.experiences().size() - 1);
        if (measured.isPresent()) {
            ledger.restore(measured.get());
            ledger.look(Ledger.ZERO_SHOT, heldOut, evaluator, method, events);
        } else {
            ledger.evaluate(Ledger.ZERO_SHOT, evaluator, method, events, this::stopIfAsked);
        }
        if (current.isPresent()) {
            RunState state = RunState.read(current.get());
            restore(method, current.get(), state);
            ledger.look(state.name(), heldOut, evaluator, method, events);
        }
    }

    private void restore(Method method, StoredCheckpoint checkpoint, RunState state) {
        try (TensorFile tensors = checkpoint.tensors(RunState.METHOD)) {
            method.restore(new MethodState(tensors.tensors(), state.methodRecord()));
        }
        random.restore(state.random());
        state.badSamples().forEach(badSamples::add);
    }

    private Method create() {
        return MethodCatalog.require("config", config.method()).create(model.handOver(), config.options(), context);
    }

    private RunResults learnFrom(int index, Method method) {
        List<Experience> experiences = stream.experiences();
        for (Experience experience : experiences.subList(index, experiences.size())) {
            learn(method, experience);
            judge(method, experience);
        }
        return finish(method);
    }

    private RunResults finish(Method method) {
        // Nothing is left to go on with; the checkpoints after experiences are models and stay.
        checkpoints.prune(0, config.checkpoint().keepExperiences().orElse(Integer.MAX_VALUE));
        RunResults results = ledger.results(method);
        events.accept(new RunEvent.Finished(results));
        return results;
    }

    private RunResults goOnOnline(
            Method method, Experience session, StoredCheckpoint checkpoint, RunState saved, Arrivals arrivals) {
        if (saved.training().isEmpty()) {
            // All samples have come.
            judge(method, session);
            return finish(method);
        }
        RunState.Training before = saved.training().get();
        try (TensorFile moments = checkpoint.tensors(RunState.OPTIMIZER);
                OnlineTraining training = trainer(arrivals.told())
                        .resume(
                                method,
                                arrivals,
                                new TrainingState(before.progress(), before.updates(), moments.tensors()))) {
            if (checkpoint.place().isEnd()) {
                judge(method, session);
                return learnSessions(session.index() + 1, method, training);
            }
            return learnSessions(session.index(), method, training);
        }
    }

    /** Learns an online stream on: where a session ends, the run is saved and judged, of which the method is not told. */
    private RunResults learnSessions(int index, Method method, OnlineTraining training) {
        List<Experience> sessions = stream.experiences();
        for (Experience session : sessions.subList(index, sessions.size())) {
            events.accept(new RunEvent.Learning(
                    session.index(), session.name(), session.train().size()));
            training.learnSession(
                    session.index(), boundary(method, session), counts -> passed(method, session, counts));
            ledger.trained(training.outcome(), training.seconds());
            if (session.index() == sessions.size() - 1) {
                training.end();
                commit(method, session);
            } else {
                commit(method, session, Place.after(session.index()), training.state());
            }
            judge(method, session);
        }
        return finish(method);
    }

    private void passed(Method method, Experience session, ArrivalCounts counts) {
        ledger.measure(() -> anytime.passed(session.name(), counts, method::adapted)
                .ifPresent(point -> events.accept(new RunEvent.Anytime(point))));
    }

    private void learn(Method method, Experience experience) {
        events.accept(new RunEvent.Learning(
                experience.index(), experience.name(), experience.train().size()));
        ledger.train(0, () -> trainer(experience).learn(method, experience, boundary(method, experience)));
        commit(method, experience);
    }

    private void goOnLearning(
            Method method, Experience experience, StoredCheckpoint checkpoint, RunState.Training training) {
        try (TensorFile moments = checkpoint.tensors(RunState.OPTIMIZER)) {
            var state = new TrainingState(training.progress(), training.updates(), moments.tensors());
            ledger.train(
                    training.progress().seconds(),
                    () -> trainer(experience).resume(method, experience, state, boundary(method, experience)));
        }
        commit(method, experience);
    }

    /** Returns the number of samples that reports of steps do not count: an online stream is one experience as long as it lasts. */
    private long learnedBefore() {
        return stream.arrivals().isPresent() ? 0 : ledger.samples();
    }

    private Trainer trainer(Experience experience) {
        return new Trainer(
                training,
                preprocessing,
                random,
                badSamples,
                report -> events.accept(
                        new RunEvent.Stepped(experience.name(), report, learnedBefore() + report.samples())),
                diagnosis.gradientsEvery());
    }

    private StepBoundary boundary(Method method, Experience experience) {
        return (report, state) -> {
            // Before anything is saved: what is measured here is not measured again by a process that goes on from
            // there.
            ledger.measure(() -> diagnosis
                    .stepped(experience.name(), report, learnedBefore() + report.samples(), method::adapted)
                    .ifPresent(row -> events.accept(new RunEvent.Diagnosed(row))));
            boolean asked = stop.isMade();
            boolean due = cadence.step() && report.step() < report.steps();
            if (due || asked) {
                commit(method, experience, state.get());
            }
            if (asked) {
                throw stopped("after step " + report.step() + " of " + experience.name());
            }
        };
    }

    /** Commits the state in the middle of an experience. */
    private void commit(Method method, Experience experience, TrainingState training) {
        commit(
                method,
                experience,
                new Place(experience.index(), training.progress().step()),
                training);
    }

    private void commit(Method method, Experience experience, Place place, TrainingState training) {
        MethodState state = method.save();
        var progress = new RunState.Training(training.progress(), training.updates());
        commit(
                experience,
                place,
                Map.of(
                        RunState.METHOD,
                        state.tensors().values(),
                        RunState.OPTIMIZER,
                        training.moments().values()),
                record(method, experience, state, Optional.of(progress)));
    }

    /** Commits the state after an experience. */
    private void commit(Method method, Experience experience) {
        MethodState state = method.save();
        commit(
                experience,
                Place.after(experience.index()),
                Map.of(RunState.METHOD, state.tensors().values()),
                record(method, experience, state, Optional.empty()));
    }

    private void commit(
            Experience experience, Place place, Map<String, Collection<StoredTensor>> tensors, RunState record) {
        checkpoints.commit(place, new CheckpointStore.Content(tensors, record.toJson()));
        CheckpointConfig kept = config.checkpoint();
        checkpoints.prune(
                kept.keep(),
                kept.keepExperiences().map(count -> count + unjudged).orElse(Integer.MAX_VALUE));
        cadence.saved();
        events.accept(new RunEvent.Committed(place, experience.name()));
    }

    private RunState record(
            Method method, Experience experience, MethodState state, Optional<RunState.Training> training) {
        return new RunState(
                RunState.FORMAT,
                experience.index(),
                experience.name(),
                config.method(),
                model.sha256(),
                random.state(),
                training,
                state.record(),
                Optional.of(method.keepsUnseenImages()),
                ledger.state(),
                badSamples.list());
    }

    private void judge(Method method, Experience experience) {
        ledger.evaluate(experience.name(), evaluator, method, events, this::stopIfAsked);
        new ResultFiles(folder).write(ledger.results(method));
        writeBadSamples();
    }

    private void writeBadSamples() {
        if (badSamples.count() > 0) {
            String lines =
                    badSamples.list().stream().map(BadSample::toString).collect(Collectors.joining("\n", "", "\n"));
            DurableFile.write(folder.resolve("bad-samples.txt"), lines.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Between two evaluations, everything learned is already saved. */
    private void stopIfAsked(String where) {
        if (stop.isMade()) {
            throw stopped(where);
        }
    }

    private RunStoppedException stopped(String where) {
        return new RunStoppedException(
                "stopped " + where + "; everything is saved, go on with 'perennial resume " + folder + "'");
    }
}
