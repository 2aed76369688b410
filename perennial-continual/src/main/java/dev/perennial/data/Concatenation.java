package dev.perennial.data;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Several data sets one after the other. */
final class Concatenation implements Dataset {
    private final List<Dataset> parts;
    /** First position of each part, then the size of all. */
    private final int[] starts;

    private final Map<String, Integer> labels = new LinkedHashMap<>();
    private final DatasetInfo info;

    Concatenation(List<Dataset> parts) {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("a concatenation needs at least one data set");
        }
        this.parts = List.copyOf(parts);
        this.starts = new int[parts.size() + 1];
        for (int i = 0; i < parts.size(); i++) {
            starts[i + 1] = Math.addExact(starts[i], parts.get(i).size());
        }
        boolean labelled = parts.stream().noneMatch(part -> part.classNames().isEmpty());
        if (labelled) {
            union(Dataset::classNames).forEach(name -> labels.put(name, labels.size()));
        }
        this.info = new DatasetInfo(
                parts.stream().map(Dataset::name).distinct().collect(Collectors.joining("+")),
                parts.stream().map(Dataset::split).distinct().collect(Collectors.joining("+")),
                List.copyOf(labels.keySet()),
                labelled ? List.copyOf(union(Dataset::templates)) : List.of(),
                List.copyOf(union(Dataset::languages)));
    }

    private Set<String> union(Function<Dataset, List<String>> list) {
        return parts.stream()
                .flatMap(part -> list.apply(part).stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    @Override
    public DatasetInfo info() {
        return info;
    }

    @Override
    public int size() {
        return starts[parts.size()];
    }

    @Override
    public Sample sample(int position) {
        Objects.checkIndex(position, size());
        int found = Arrays.binarySearch(starts, position);
        int part = found >= 0 ? found : -found - 2;
        // An empty part starts where the next one does.
        while (starts[part + 1] <= position) {
            part++;
        }
        Dataset source = parts.get(part);
        Sample sample = source.sample(position - starts[part]);
        Optional<Integer> label = sample.className().map(labels::get);
        return sample.withPosition(position)
                .withKey(source.info().title() + "/" + sample.key())
                .withLabel(label.map(OptionalInt::of).orElseGet(OptionalInt::empty), sample.className());
    }

    @Override
    public String hash() {
        return new ContentHash()
                .add("concatenation")
                .add(parts.stream().map(Dataset::hash).toList())
                .hex();
    }

    @Override
    public void close() {
        parts.forEach(Dataset::close);
    }
}
