package dev.perennial.stream;

import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.data.Dataset;
import dev.perennial.data.DatasetSpec;
import dev.perennial.data.Datasets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Opens streams as configurations name them. */
public final class Streams {
    static final String TRAIN = Datasets.TRAIN;
    static final String TEST = "test";

    private final Path baseFolder;
    private final Path cacheFolder;

    /**
     * Creates the opener.
     *
     * @param baseFolder what relative paths are relative to
     * @param cacheFolder where packed shards are unpacked
     */
    public Streams(Path baseFolder, Path cacheFolder) {
        this.baseFolder = baseFolder;
        this.cacheFolder = cacheFolder;
    }

    /**
     * Opens all data sets of a stream.
     *
     * @throws dev.perennial.data.DatasetException if one cannot be used
     * @throws IllegalArgumentException if classes cannot be grouped or ordered as asked
     */
    public ExperienceStream open(StreamSpec spec) {
        if (spec.follow().isPresent()) {
            throw new IllegalArgumentException("stream '" + spec.name()
                    + "' follows a folder, so its steps are not known beforehand; only 'perennial adapt' can learn it");
        }
        List<EvaluationSet> control =
                spec.control().orElse(List.of()).stream().map(this::control).toList();
        return spec.classIncrement()
                .map(increment -> ClassIncrementStream.open(this, spec, increment, control))
                .or(() -> spec.languages().map(languages -> LanguageStream.open(this, spec, languages, control)))
                .or(() -> spec.time().map(time -> TimeStream.open(this, spec, time, control)))
                .or(() -> spec.online().map(online -> OnlineStream.open(this, spec, online, control)))
                .orElseGet(() -> TaskStream.open(this, spec, control));
    }

    /** Opens the test split of a data set that is only judged on. */
    public EvaluationSet control(TaskSpec task) {
        return TaskStream.evaluationSet(this, task, OptionalInt.empty());
    }

    /**
     * Opens a shard as a step of a stream.
     *
     * @param index of the experience
     * @throws dev.perennial.data.DatasetException if it is damaged, or leaves nothing to learn or to judge on
     */
    public ShardStep step(FollowSpec spec, Path shard, String name, int index) {
        return ShardStep.open(this, spec, shard, name, index);
    }

    /** Opens a split with at most so many samples, the first ones. */
    Dataset open(DatasetSpec data, String split, OptionalInt limit) {
        Dataset dataset = Datasets.open(data, baseFolder, split, cacheFolder);
        return limit.isPresent() ? dataset.limit(limit.getAsInt()) : dataset;
    }

    /** Opens what is learned: the stream's few shots of every class, if it wants only those. */
    Dataset train(StreamSpec spec, DatasetSpec data, OptionalInt limit) {
        Dataset all = open(data, TRAIN, OptionalInt.empty());
        Dataset drawn = spec.shots().isPresent()
                ? all.fewShot(
                        spec.shots().getAsInt(),
                        new RandomStream(spec.shotsSeed().orElse(Ordering.DEFAULT_SEED)))
                : all;
        return limit.isPresent() ? drawn.limit(limit.getAsInt()) : drawn;
    }

    static List<EvaluationSet> joined(List<EvaluationSet> learned, List<EvaluationSet> control) {
        List<EvaluationSet> sets = new ArrayList<>(learned);
        sets.addAll(control);
        return sets;
    }

    static PromptTemplates templates(Dataset dataset) {
        return dataset.templates().isEmpty()
                ? PromptTemplates.of("a photo of a {}.")
                : new PromptTemplates(dataset.templates());
    }
}
