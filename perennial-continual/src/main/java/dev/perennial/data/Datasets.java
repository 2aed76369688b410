package dev.perennial.data;

import dev.perennial.clip.tensor.RandomStream;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/** Opens data sets as configurations name them. */
public final class Datasets {
    /** The split that few-shot selection applies to. */
    public static final String TRAIN = "train";

    private Datasets() {}

    /**
     * Opens a split of a data set and applies what the specification says, in this order: class attribute, names,
     * {@code where}, {@code shots}, {@code limit}.
     *
     * @param baseFolder what a relative path is relative to
     * @param split {@code train}, {@code test} or any split of the data set; empty for data sets without splits
     * @param cacheFolder where packed shards are unpacked
     * @throws DatasetException if the data set cannot be used, or no sample is left
     */
    public static Dataset open(DatasetSpec spec, Path baseFolder, String split, Path cacheFolder) {
        var source = DatasetSource.of(spec, baseFolder, cacheFolder);
        Dataset opened = source.open(spec.splits().getOrDefault(split, split));
        try {
            return shaped(opened, spec, source, split);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** Returns the splits that a data set has, in its own words; none if it is not split. */
    public static List<String> splits(DatasetSpec spec, Path baseFolder, Path cacheFolder) {
        return DatasetSource.of(spec, baseFolder, cacheFolder).splits();
    }

    private static Dataset shaped(Dataset opened, DatasetSpec spec, DatasetSource source, String split) {
        Dataset dataset = opened;
        if (spec.classAttribute().isPresent()) {
            String attribute = spec.classAttribute().get();
            dataset = dataset.relabel(
                    attribute, spec.classes().isEmpty() ? values(attribute, opened, source) : spec.classes());
        }
        dataset = dataset.describedBy(description(dataset.info(), spec));
        for (var condition : spec.where().entrySet()) {
            List<String> wanted = condition.getValue().values();
            dataset = dataset.filter(
                    sample -> sample.values(condition.getKey()).stream().anyMatch(wanted::contains));
        }
        if (spec.shots().isPresent() && split.equals(TRAIN)) {
            dataset = dataset.fewShot(
                    spec.shots().getAsInt(), new RandomStream(spec.shotsSeed().orElse(0)));
        }
        if (spec.limit().isPresent()) {
            dataset = dataset.limit(spec.limit().getAsInt());
        }
        if (dataset.size() == 0) {
            throw new DatasetException(opened.info().title() + ": no sample is left of " + opened.size()
                    + "; see \"where\" and \"class-attribute\" of the data set");
        }
        return dataset;
    }

    private static DatasetInfo description(DatasetInfo info, DatasetSpec spec) {
        DatasetInfo described = spec.name().map(info::withName).orElse(info);
        if (!spec.classes().isEmpty()) {
            described = described.withClassNames(spec.classes());
        }
        return spec.templates().isEmpty() ? described : described.withTemplates(spec.templates());
    }

    /** Returns the values of an attribute over all splits, so that labels agree between them. */
    private static List<String> values(String attribute, Dataset opened, DatasetSource source) {
        var values = new TreeSet<>(opened.values(attribute));
        for (String other : source.splits()) {
            if (!other.equals(opened.split())) {
                try (Dataset dataset = source.open(other)) {
                    values.addAll(dataset.values(attribute));
                }
            }
        }
        if (values.isEmpty()) {
            throw new DatasetException(opened.info().title() + ": no sample has the attribute \"" + attribute + "\"");
        }
        return List.copyOf(values);
    }
}
