package dev.perennial.method.moe;

import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.data.BatchSampler;
import dev.perennial.data.Dataset;
import dev.perennial.data.Loader;
import dev.perennial.method.FrozenFeatures;
import dev.perennial.method.MethodContext;
import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * The distribution discriminative auto-selector of MoE-Adapters (Yu et al. 2024, arXiv 2403.11549): an image is of the task whose
 * autoencoder restores its frozen features best, unless the reference's does better or none does well.
 */
final class Ddas implements AdapterChoice, AutoCloseable {
    private static final String SOURCE = "source";
    private static final String TASKS = "tasks";
    private static final String REFERENCE = "reference";
    private static final String THRESHOLDS = "thresholds";
    /** Rows whose errors are computed together. */
    private static final int CHUNK = 1024;

    private final DdasSettings settings;
    private final FeatureSource source;
    private final RandomStream random;
    private final List<Autoencoder> tasks = new ArrayList<>();
    private final List<Double> calibrated = new ArrayList<>();
    private Optional<Autoencoder> reference = Optional.empty();

    Ddas(DdasSettings settings, FeatureSource source, RandomStream random) {
        this.settings = settings;
        this.source = source;
        this.random = random;
    }

    /** Learns to recognise the images of the next task, and before the first one those of the reference. */
    void learn(Dataset images, MethodContext context) {
        if (reference.isEmpty() && settings.reference().isPresent()) {
            try (Dataset pool = context.data().open(settings.reference().get());
                    Tensor features = features(pool, context)) {
                reference = Optional.of(AutoencoderTraining.train(
                        features,
                        settings.autoencoders(),
                        settings.autoencoders().referenceSteps(),
                        random));
            }
        }
        try (Tensor features = features(images, context)) {
            var autoencoder = AutoencoderTraining.train(
                    features, settings.autoencoders(), settings.autoencoders().steps(), random);
            add(autoencoder, quantile(autoencoder, features));
        }
    }

    void add(Autoencoder autoencoder, double threshold) {
        tasks.add(autoencoder);
        calibrated.add(threshold);
    }

    void reference(Autoencoder autoencoder) {
        reference = Optional.of(autoencoder);
    }

    /** Returns the features of some images of a data set, {@code [images, features]}, for the caller to close. */
    private Tensor features(Dataset dataset, MethodContext context) {
        int[] drawn = random.permutation(dataset.size());
        int[] positions = Arrays.copyOf(
                drawn, Math.min(drawn.length, settings.autoencoders().images()));
        Arrays.sort(positions);
        Dataset chosen = dataset.select(positions);
        var order = BatchSampler.sequential(chosen.size(), context.images().batchSize());
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false);
                Loader loader = context.images().load(chosen, order, order.start())) {
            List<Tensor> batches = new ArrayList<>();
            while (loader.hasNext()) {
                Tensor pixels = FrozenFeatures.pixels(loader.next());
                batches.add(TensorScope.compute(() -> source.look(pixels).features()));
            }
            return Tensors.concat(0, batches.toArray(Tensor[]::new)).retainReference();
        }
    }

    private double quantile(Autoencoder autoencoder, Tensor features) {
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            List<Tensor> errors = new ArrayList<>();
            for (long from = 0; from < features.size(0); from += CHUNK) {
                errors.add(autoencoder.errors(features.narrow(0, from, Math.min(CHUNK, features.size(0) - from))));
            }
            return Tensors.concat(0, errors.toArray(Tensor[]::new))
                    .quantile(settings.threshold().quantile())
                    .item_double();
        }
    }

    @Override
    public Choice of(Tensor pixels) {
        FeatureSource.View view = source.look(pixels);
        return new Choice(decide(view.features()), view.plainFeatures());
    }

    /** Returns for each row of features {@code [batch, features]} its task, or {@link AdapterChoice#NONE}. */
    int[] decide(Tensor features) {
        int batch = Math.toIntExact(features.size(0));
        if (tasks.isEmpty() || batch == 0) {
            int[] none = new int[batch];
            Arrays.fill(none, NONE);
            return none;
        }
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            Tensor errors = errors(features);
            return switch (settings.vote()) {
                case SAMPLE ->
                    Arrays.stream(Tensors.toRows(errors)).mapToInt(this::decide).toArray();
                case BATCH -> {
                    int[] all = new int[batch];
                    Tensor mean = errors.mean(new long[] {0}, false, new ScalarTypeOptional());
                    Arrays.fill(all, decide(Tensors.toFloats(mean)));
                    yield all;
                }
            };
        }
    }

    /** Returns the errors of all tasks and then, if there is one, of the reference, {@code [batch, autoencoders]}. */
    Tensor errors(Tensor features) {
        return TensorScope.compute(() -> {
            List<Tensor> columns = new ArrayList<>();
            tasks.forEach(task -> columns.add(task.errors(features)));
            reference.ifPresent(none -> columns.add(none.errors(features)));
            return Tensors.stack(columns).t();
        });
    }

    private int decide(float[] errors) {
        int best = 0;
        for (int task = 1; task < tasks.size(); task++) {
            best = errors[task] < errors[best] ? task : best;
        }
        boolean unlikeAll = reference.isPresent() && errors[tasks.size()] <= errors[best];
        return unlikeAll || errors[best] > threshold(best) ? NONE : best;
    }

    private double threshold(int task) {
        return switch (settings.threshold().rule()) {
            case CALIBRATED -> calibrated.get(task);
            case FIXED -> settings.threshold().value();
        };
    }

    long count() {
        return tasks.stream().mapToLong(Autoencoder::count).sum()
                + reference.map(Autoencoder::count).orElse(0L);
    }

    void save(StateWriter state) {
        for (int task = 0; task < tasks.size(); task++) {
            state.piece(TASKS)
                    .piece(String.valueOf(task))
                    .tensors(tasks.get(task).parameters());
        }
        reference.ifPresent(autoencoder -> state.piece(REFERENCE).tensors(autoencoder.parameters()));
        state.record().put(SOURCE, source.name());
        var thresholds = state.record().putArray(THRESHOLDS);
        calibrated.forEach(thresholds::add);
    }

    void restore(StateReader state) {
        forget();
        String other = state.record().required(SOURCE).asString();
        if (!other.equals(source.name())) {
            throw new IllegalArgumentException("tasks were learned by the features of '" + other + "', not of '"
                    + source.name() + "'; give ddas.features the same depth or file");
        }
        state.record().required(THRESHOLDS).forEach(threshold -> {
            StateReader task = state.piece(TASKS).piece(String.valueOf(tasks.size()));
            add(new Autoencoder(task.tensors()), threshold.asDouble());
        });
        SequencedMap<String, Tensor> saved = state.piece(REFERENCE).tensors();
        if (!saved.isEmpty()) {
            reference(new Autoencoder(saved));
        }
    }

    private void forget() {
        tasks.forEach(Autoencoder::close);
        tasks.clear();
        calibrated.clear();
        reference.ifPresent(Autoencoder::close);
        reference = Optional.empty();
    }

    @Override
    public void close() {
        forget();
        source.close();
    }
}
