package dev.perennial.data.official;

import java.util.List;

/**
 * A split of a data set.
 *
 * @param classNames class names by label
 * @param templates prompt templates with {@code {}} for the class name, the one for training first
 * @param entries the samples in the order of torchvision
 */
public record Listing(List<String> classNames, List<String> templates, List<Entry> entries) {
    /** Keeps unchangeable copies. */
    public Listing {
        classNames = List.copyOf(classNames);
        templates = List.copyOf(templates);
        entries = List.copyOf(entries);
    }

    /**
     * A sample.
     *
     * @param key unique in its split
     * @param label index into the class names
     * @param picture where its image is
     */
    public record Entry(String key, int label, Picture picture) {}
}
