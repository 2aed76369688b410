package dev.perennial.data;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Class names by label and labels by class name. */
final class ClassIndex {
    private final List<String> names;
    private final Map<String, Integer> labels = new HashMap<>();

    ClassIndex(List<String> names) {
        this.names = List.copyOf(names);
        names.forEach(name -> labels.put(name, labels.size()));
    }

    boolean isEmpty() {
        return names.isEmpty();
    }

    String name(int label) {
        return names.get(label);
    }

    /** Returns the label of a record, by number or else by class name. */
    int label(SampleRecord record, SampleRecord.Complaint bad) {
        if (record.label().isPresent()) {
            int label = record.label().getAsInt();
            if (label < 0 || label >= names.size()) {
                throw bad.apply("its label " + label + " is outside 0 to " + (names.size() - 1));
            }
            return label;
        }
        String className = record.className().orElseThrow(() -> bad.apply("it has no label"));
        Integer label = labels.get(className);
        if (label == null) {
            throw bad.apply("its class \"" + className + "\" is none of the " + names.size() + " classes");
        }
        return label;
    }
}
