package dev.perennial.data;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The samples of a data set with an attribute as their class. */
final class Relabelling implements Dataset {
    private final Dataset base;
    private final String attribute;
    private final DatasetInfo info;
    private final Map<String, Integer> labelOf = new HashMap<>();
    private int @Nullable [] labels;

    Relabelling(Dataset base, String attribute, List<String> classNames) {
        this.base = base;
        this.attribute = attribute;
        this.info = base.info().withClassNames(classNames);
        for (String className : classNames) {
            labelOf.put(className, labelOf.size());
        }
    }

    @Override
    public DatasetInfo info() {
        return info;
    }

    @Override
    public int size() {
        return base.size();
    }

    @Override
    public Sample sample(int position) {
        Sample sample = base.sample(position);
        List<String> values = sample.values(attribute);
        if (values.size() != 1) {
            throw bad(sample, "attribute \"" + attribute + "\" has " + values.size() + " values; a class needs one");
        }
        Integer label = labelOf.get(values.getFirst());
        if (label == null) {
            throw bad(sample, "\"" + values.getFirst() + "\" is none of the classes of \"" + attribute + "\"");
        }
        return sample.withLabel(OptionalInt.of(label), Optional.of(values.getFirst()));
    }

    private BadSampleException bad(Sample sample, String reason) {
        return new BadSampleException(new BadSample(info.title(), sample.key(), reason));
    }

    @Override
    public synchronized int[] labels() {
        // Streams and few-shot draws ask again and again, and every record must be read for it.
        if (labels == null) {
            labels = Dataset.super.labels();
        }
        return labels.clone();
    }

    @Override
    public String hash() {
        return new ContentHash()
                .add("relabelling")
                .add(base.hash())
                .add(attribute)
                .add(info.classNames())
                .hex();
    }

    @Override
    public void close() {
        base.close();
    }
}
