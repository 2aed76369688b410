package dev.perennial.data;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Class names and languages that a data set does not state but its samples imply. */
final class ImpliedInfo {
    /** Labels that leave out most numbers are no count of classes, and a single wrong one would make a class of each number. */
    private static final int MAX_GAPS = 1_000;

    private final SortedMap<Integer, String> byLabel = new TreeMap<>();
    private final TreeSet<String> classNames = new TreeSet<>();
    private final Set<String> languages = new LinkedHashSet<>();

    void add(SampleRecord record) {
        languages.addAll(record.captions().keySet());
        record.className().ifPresent(classNames::add);
        record.label()
                .ifPresent(
                        label -> byLabel.putIfAbsent(label, record.className().orElse(Integer.toString(label))));
    }

    /** Returns the languages in order of first appearance. */
    List<String> languages() {
        return List.copyOf(languages);
    }

    /** Returns all class names, sorted, whether or not there are labels. */
    List<String> sortedClassNames() {
        return List.copyOf(classNames);
    }

    /** Returns whether any sample has a label by number. */
    boolean hasLabels() {
        return !byLabel.isEmpty();
    }

    /** Returns the class names by label, the number itself where a class has no name; none if there are no labels. */
    List<String> classNamesByLabel(String dataset) {
        if (byLabel.isEmpty()) {
            return List.of();
        }
        if (byLabel.firstKey() < 0 || byLabel.lastKey() - byLabel.size() > MAX_GAPS) {
            throw new DatasetException(dataset + ": labels run from " + byLabel.firstKey() + " to " + byLabel.lastKey()
                    + " but only " + byLabel.size() + " of these numbers occur; state the class names");
        }
        return IntStream.rangeClosed(0, byLabel.lastKey())
                .mapToObj(label -> byLabel.getOrDefault(label, Integer.toString(label)))
                .toList();
    }
}
