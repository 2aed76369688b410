package dev.perennial.run;

import dev.perennial.data.Dataset;
import dev.perennial.evaluate.DataSetInfo;
import dev.perennial.evaluate.Evaluator;
import dev.perennial.evaluate.ExperienceInfo;
import dev.perennial.evaluate.FurtherMatrices;
import dev.perennial.evaluate.ModelInfo;
import dev.perennial.evaluate.ParameterCounts;
import dev.perennial.evaluate.PredictionSample;
import dev.perennial.evaluate.Protocol;
import dev.perennial.evaluate.Provenance;
import dev.perennial.evaluate.RunCosts;
import dev.perennial.evaluate.RunResults;
import dev.perennial.evaluate.RunSummary;
import dev.perennial.evaluate.Thumbnail;
import dev.perennial.evaluate.alignment.AlignmentRecorder;
import dev.perennial.evaluate.anytime.AnytimeHistory;
import dev.perennial.evaluate.anytime.AnytimePoint;
import dev.perennial.evaluate.metric.ComputeMetric;
import dev.perennial.evaluate.metric.ContinualMetric;
import dev.perennial.evaluate.metric.IncrementalMetric;
import dev.perennial.evaluate.metric.MetricDefinition;
import dev.perennial.evaluate.metric.OnlineMetric;
import dev.perennial.evaluate.metric.ResultMatrix;
import dev.perennial.evaluate.metric.RetrievalMetric;
import dev.perennial.evaluate.metric.TimeMetric;
import dev.perennial.method.Method;
import dev.perennial.stream.EvaluationSet;
import dev.perennial.stream.Experience;
import dev.perennial.stream.ExperienceStream;
import dev.perennial.stream.Supervision;
import dev.perennial.train.Trainer;
import dev.perennial.train.TrainingConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Collects what a run measures and what it costs, and turns it into its results. */
final class Ledger {
    static final String ZERO_SHOT = "zero-shot";

    private final RunConfig.Resolved resolved;
    private final ModelInfo model;
    private final long macs;
    private final ExperienceStream stream;
    private final ResultMatrix.Builder matrix;
    private final List<LedgerState.Row> rows = new ArrayList<>();
    private final Map<String, PredictionSample> pictures = new LinkedHashMap<>();
    private final AlignmentRecorder alignment;
    private final Diagnosis diagnosis;
    private final Anytime anytime;
    private final long began = System.nanoTime();
    private double earlierSeconds;
    private double trainSeconds;
    private double evaluateSeconds;
    private long samples;
    private long skippedSteps;
    private long peakMemoryBytes;
    private List<ParameterCounts.Group> groups = List.of();

    Ledger(
            RunConfig.Resolved resolved,
            String modelName,
            String modelSha256,
            long macs,
            ExperienceStream stream,
            AlignmentRecorder alignment,
            Diagnosis diagnosis,
            Anytime anytime) {
        this.anytime = anytime;
        this.diagnosis = diagnosis;
        this.alignment = alignment;
        this.macs = macs;
        this.resolved = resolved;
        this.model = new ModelInfo(modelName, modelSha256);
        this.stream = stream;
        this.matrix = ResultMatrix.builder(
                stream.experiences().stream().map(Experience::name).toList(),
                stream.evaluationSets().stream().map(EvaluationSet::name).toList());
        stream.evaluationSets()
                .forEach(set -> set.learnedIn()
                        .ifPresent(
                                i -> matrix.teaches(stream.experiences().get(i).name(), set.name())));
    }

    /** Returns all that must survive a stop. */
    LedgerState state() {
        return new LedgerState(
                rows,
                List.copyOf(pictures.values()),
                earlierSeconds + seconds(began),
                trainSeconds,
                evaluateSeconds,
                samples,
                skippedSteps,
                peakMemoryBytes(),
                groups,
                alignment.state(),
                diagnosis.history().rows(),
                anytime.state());
    }

    /** Goes on from where another process was. */
    void restore(LedgerState state) {
        state.rows().forEach(this::add);
        state.pictures().forEach(picture -> pictures.put(picture.dataSet() + "/" + picture.key(), picture));
        earlierSeconds = state.totalSeconds();
        trainSeconds = state.trainSeconds();
        evaluateSeconds = state.evaluateSeconds();
        samples = state.samples();
        skippedSteps = state.skippedSteps();
        peakMemoryBytes = state.peakMemoryBytes();
        groups = state.groups();
        alignment.restore(state.alignment());
        diagnosis.restore(state.diagnosis());
        anytime.restore(state.anytime());
    }

    /** Returns the number of samples learned from in all experiences that are over. */
    long samples() {
        return samples;
    }

    /**
     * Times a training and counts what it did.
     *
     * @param earlierTraining seconds that other processes spent on the same experience
     */
    void train(double earlierTraining, Supplier<Trainer.Outcome> training) {
        long start = System.nanoTime();
        double evaluatedBefore = evaluateSeconds;
        Trainer.Outcome outcome = training.get();
        trainSeconds += earlierTraining + seconds(start) - (evaluateSeconds - evaluatedBefore);
        samples += outcome.samples();
        skippedSteps += outcome.skipped();
        groups = outcome.groups();
    }

    /**
     * Notes what an online stream took so far, all of its sessions together.
     *
     * @param seconds spent on its steps
     */
    void trained(Trainer.Outcome soFar, double seconds) {
        trainSeconds = seconds;
        samples = soFar.samples();
        skippedSteps = soFar.skipped();
        groups = soFar.groups();
    }

    /**
     * Fills the matrix row {@code after}.
     *
     * @param pause is called after every set, with where the run is
     */
    void evaluate(String after, Evaluator evaluator, Method method, Consumer<RunEvent> events, Consumer<String> pause) {
        long start = System.nanoTime();
        double[] row = new double[stream.evaluationSets().size()];
        Map<String, Map<String, Double>> further = new LinkedHashMap<>();
        Arrays.fill(row, Double.NaN);
        int learned =
                1 + stream.experiences().stream().map(Experience::name).toList().indexOf(after);
        evaluator.evaluate(method.adapted(), stream.evaluationSets(), learned, (set, result) -> {
            row[stream.evaluationSets().indexOf(set)] = result.score();
            further.put(set.name(), result.further());
            alignment.judged(set, result);
            anytime.judged(set, result, learned);
            result.shown().forEach(shown -> picture(after, set.name(), shown));
            events.accept(new RunEvent.Evaluated(after, set.name(), result.score()));
            pause.accept("after evaluating " + set.name());
        });
        alignment.measure(after, method.adapted());
        double accuracy = anytime.ended(after).map(AnytimePoint::accuracy).orElseGet(() -> accuracy(row, learned));
        events.accept(new RunEvent.Judged(after, accuracy));
        add(new LedgerState.Row(after, Arrays.stream(row).boxed().toList(), further));
        evaluateSeconds += seconds(start);
    }

    /** Times what is measured in the middle of a training, and takes it for evaluation. */
    void measure(Runnable work) {
        long start = System.nanoTime();
        work.run();
        evaluateSeconds += seconds(start);
    }

    /** Returns the mean over the sets learned so far; before the first, over those that will be. */
    private double accuracy(double[] row, int learned) {
        return IntStream.range(0, row.length)
                .filter(i -> stream.evaluationSets().get(i).learnedIn().orElse(Integer.MAX_VALUE)
                        < (learned == 0 ? Integer.MAX_VALUE : learned))
                .mapToDouble(i -> row[i])
                .average()
                .orElse(Double.NaN);
    }

    /** Fills one more cell of a row that is already there: how a model does on a set that came after it was judged. */
    void look(String after, EvaluationSet set, Evaluator evaluator, Method method, Consumer<RunEvent> events) {
        long start = System.nanoTime();
        Evaluator.SetResult result = evaluator.evaluate(method.adapted(), set);
        result.shown().forEach(shown -> picture(after, set.name(), shown));
        for (int i = 0; i < rows.size(); i++) {
            LedgerState.Row row = rows.get(i);
            if (row.after().equals(after)) {
                List<Double> scores = new ArrayList<>(row.scores());
                scores.set(stream.evaluationSets().indexOf(set), result.score());
                Map<String, Map<String, Double>> further = new LinkedHashMap<>(row.further());
                further.put(set.name(), result.further());
                rows.set(i, new LedgerState.Row(after, scores, further));
                measured(rows.get(i));
            }
        }
        evaluateSeconds += seconds(start);
        events.accept(new RunEvent.Foreseen(after, set.name(), result.score()));
    }

    private void add(LedgerState.Row row) {
        rows.add(row);
        measured(row);
    }

    private void measured(LedgerState.Row row) {
        double[] scores = row.scores().stream().mapToDouble(Double::doubleValue).toArray();
        if (row.after().equals(ZERO_SHOT)) {
            matrix.zeroShot(scores);
        } else {
            matrix.after(row.after(), scores);
        }
    }

    private void picture(String after, String set, Evaluator.ShownPrediction shown) {
        var prediction = new PredictionSample.Prediction(after, shown.predictedClass(), shown.probability());
        pictures.merge(
                set + "/" + shown.sample().key(),
                new PredictionSample(
                        set,
                        shown.sample().key(),
                        shown.trueClass(),
                        Thumbnail.of(Thumbnails.png(shown.sample().image().decode())),
                        List.of(prediction)),
                (before, _) -> {
                    List<PredictionSample.Prediction> all = new ArrayList<>(before.predictions());
                    all.add(prediction);
                    return new PredictionSample(
                            before.dataSet(), before.key(), before.trueClass(), before.thumbnail(), all);
                });
    }

    /** Returns the results so far. */
    RunResults results(Method method) {
        RunConfig config = resolved.config();
        ResultMatrix measured = matrix.build();
        SequencedMap<String, ResultMatrix> further = further();
        long trainable =
                groups.stream().mapToLong(ParameterCounts.Group::parameters).sum();
        return new RunResults(
                new RunSummary(
                        config.name(),
                        config.method(),
                        config.evaluation().protocol(),
                        model,
                        stream.name(),
                        stream.experiences().stream().map(this::info).toList(),
                        stream.evaluationSets().stream().map(Ledger::info).toList(),
                        metrics(measured, further),
                        definitions(further),
                        rows.isEmpty() ? Map.of() : rows.getLast().further(),
                        new RunCosts(
                                earlierSeconds + seconds(began),
                                trainSeconds,
                                evaluateSeconds,
                                trainSeconds > 0 ? samples / trainSeconds : 0,
                                peakMemoryBytes()),
                        new ParameterCounts(trainable, method.parameterCount(), groups),
                        new Provenance(
                                config.seed(), Software.commit(), Hashes.sha256(resolved.yaml()), Software.versions())),
                measured,
                List.copyOf(pictures.values()),
                alignment.history(),
                diagnosis.history(),
                anytime.history(),
                further,
                method.tables());
    }

    /** Returns a matrix like that of the scores for each further metric. */
    private SequencedMap<String, ResultMatrix> further() {
        List<ExperienceInfo> experiences =
                stream.experiences().stream().map(this::info).toList();
        List<String> sets =
                stream.evaluationSets().stream().map(EvaluationSet::name).toList();
        SequencedMap<String, Map<String, double[]>> cells = new LinkedHashMap<>();
        for (LedgerState.Row row : rows) {
            row.further()
                    .forEach(
                            (set, values) -> values.forEach(
                                    (title, value) -> cells.computeIfAbsent(title, _ -> new LinkedHashMap<>())
                                            .computeIfAbsent(row.after(), _ -> unmeasured(sets.size()))[
                                            sets.indexOf(set)] = value));
        }
        SequencedMap<String, ResultMatrix> further = new LinkedHashMap<>();
        cells.forEach((title, measured) -> further.put(title, FurtherMatrices.of(measured, experiences, sets)));
        return further;
    }

    private static double[] unmeasured(int columns) {
        double[] row = new double[columns];
        Arrays.fill(row, Double.NaN);
        return row;
    }

    private Map<String, Double> metrics(ResultMatrix measured, Map<String, ResultMatrix> further) {
        Map<String, Double> metrics = ContinualMetric.means(measured);
        if (pooled()) {
            metrics.putAll(IncrementalMetric.of(
                    measured,
                    stream.evaluationSets().stream()
                            .map(set -> (long) set.test().size())
                            .toList()));
        }
        metrics.putAll(RetrievalMetric.of(further));
        if (anytime.applies()) {
            AnytimeHistory history = anytime.history();
            metrics.putAll(OnlineMetric.of(
                    history.periodic(),
                    history.classesAfterSessions(),
                    OnlineMetric.retention(measured),
                    anytime.takenShare()));
        }
        if (timed()) {
            metrics.putAll(TimeMetric.of(measured));
        }
        if (budgeted()) {
            metrics.putAll(ComputeMetric.of(samples, macs));
        }
        return metrics;
    }

    private List<MetricDefinition> definitions(Map<String, ResultMatrix> further) {
        Set<String> searched = RetrievalMetric.of(further).keySet();
        Stream<MetricDefinition> always = Stream.concat(
                Arrays.stream(ContinualMetric.values()).map(ContinualMetric::definition),
                Arrays.stream(RetrievalMetric.values())
                        .map(RetrievalMetric::definition)
                        .filter(definition -> searched.contains(definition.key())));
        Stream<MetricDefinition> ofPooled =
                Arrays.stream(IncrementalMetric.values()).map(IncrementalMetric::definition);
        Stream<MetricDefinition> ofTime = Arrays.stream(TimeMetric.values()).map(TimeMetric::definition);
        Stream<MetricDefinition> ofOnline = Arrays.stream(OnlineMetric.values()).map(OnlineMetric::definition);
        Stream<MetricDefinition> ofCompute =
                Arrays.stream(ComputeMetric.values()).map(ComputeMetric::definition);
        return Stream.of(
                        always,
                        anytime.applies() ? ofOnline : Stream.<MetricDefinition>empty(),
                        budgeted() ? ofCompute : Stream.<MetricDefinition>empty(),
                        pooled() ? ofPooled : Stream.<MetricDefinition>empty(),
                        timed() ? ofTime : Stream.<MetricDefinition>empty())
                .flatMap(definitions -> definitions)
                .toList();
    }

    /** Whether experiences are steps in time, each of which is judged by every model. */
    private boolean timed() {
        return resolved.config().stream().time().isPresent();
    }

    /** Whether what was learned is to be weighed against what it took: where time goes on, or a budget is stated. */
    private boolean budgeted() {
        TrainingConfig training = resolved.config().training();
        return timed()
                || resolved.config().stream().follow().isPresent()
                || training.samples().isPresent()
                || training.gmacs().isPresent();
    }

    /** Whether cells are accuracies over the classes seen so far, so that they can be pooled. */
    private boolean pooled() {
        return resolved.config().evaluation().protocol() == Protocol.POOLED
                && stream.experiences().stream()
                        .allMatch(experience -> experience.supervision() instanceof Supervision.Labels);
    }

    private ExperienceInfo info(Experience experience) {
        return new ExperienceInfo(
                experience.name(),
                stream.evaluationSets().stream()
                        .filter(set -> set.learnedIn().orElse(-1) == experience.index())
                        .map(EvaluationSet::name)
                        .toList());
    }

    private static DataSetInfo info(EvaluationSet set) {
        Dataset test = set.test();
        int classes = set.supervision() instanceof Supervision.Labels labels
                ? labels.classNames().size()
                : 0;
        return new DataSetInfo(set.name(), test.size(), classes, test.hash());
    }

    private long peakMemoryBytes() {
        return Math.max(peakMemoryBytes, ProcessMemory.peakBytes());
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
