package dev.perennial.stream;

import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.data.Dataset;
import dev.perennial.data.Datasets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Opens a stream in which every experience is one data set, as in the MTIL benchmark (ZSCL, arXiv 2303.06628). */
public final class TaskStream {
    private static final String TRAIN = "train";
    private static final String TEST = "test";

    private final Path baseFolder;
    private final Path cacheFolder;

    /**
     * Creates the opener.
     *
     * @param baseFolder what relative paths are relative to
     * @param cacheFolder where packed shards are unpacked
     */
    public TaskStream(Path baseFolder, Path cacheFolder) {
        this.baseFolder = baseFolder;
        this.cacheFolder = cacheFolder;
    }

    /**
     * Opens all data sets of a stream.
     *
     * @throws dev.perennial.data.DatasetException if one cannot be used
     */
    public ExperienceStream open(StreamSpec spec) {
        List<Experience> experiences = new ArrayList<>();
        List<EvaluationSet> sets = new ArrayList<>();
        for (int i = 0; i < spec.tasks().size(); i++) {
            TaskSpec task = spec.tasks().get(i);
            Dataset train = open(task, TRAIN, task.trainLimit());
            experiences.add(new Experience(i, task.name(), train, supervision(task, train)));
            sets.add(evaluationSet(task, OptionalInt.of(i)));
        }
        spec.control().ifPresent(tasks -> tasks.forEach(task -> sets.add(control(task))));
        return new ExperienceStream(spec.name(), experiences, sets);
    }

    /** Opens the test split of a data set that is only judged on. */
    public EvaluationSet control(TaskSpec task) {
        return evaluationSet(task, OptionalInt.empty());
    }

    private EvaluationSet evaluationSet(TaskSpec task, OptionalInt learnedIn) {
        Dataset test = open(task, TEST, task.testLimit());
        return new EvaluationSet(task.name(), test, supervision(task, test), learnedIn);
    }

    private Dataset open(TaskSpec task, String split, OptionalInt limit) {
        Dataset dataset = Datasets.open(task.data(), baseFolder, split, cacheFolder);
        return limit.isPresent() ? dataset.limit(limit.getAsInt()) : dataset;
    }

    private static Supervision supervision(TaskSpec task, Dataset dataset) {
        if (task.captions().isPresent()) {
            return new Supervision.Captions(task.captions().get());
        }
        if (dataset.classNames().isEmpty()) {
            throw new IllegalArgumentException("task '" + task.name()
                    + "' has no classes; name them with data.classes or data.class-attribute, or set captions");
        }
        List<String> templates = dataset.templates();
        return new Supervision.Labels(
                dataset.classNames(),
                templates.isEmpty() ? PromptTemplates.of("a photo of a {}.") : new PromptTemplates(templates));
    }
}
