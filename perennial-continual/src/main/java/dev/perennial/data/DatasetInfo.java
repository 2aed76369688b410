package dev.perennial.data;

import java.util.HashSet;
import java.util.List;

/**
 * What a data set says about itself.
 *
 * @param name name such as {@code emoji}
 * @param split split such as {@code train}; empty if the data set has no splits
 * @param classNames class names by label; empty if the samples have no labels
 * @param templates prompt templates with {@code {}} for the class name; empty if the data set brings none
 * @param languages language codes of the captions as declared by the data set; empty without captions
 */
public record DatasetInfo(
        String name, String split, List<String> classNames, List<String> templates, List<String> languages) {
    /** Checks that class names differ, so that a name stands for one label. */
    public DatasetInfo {
        classNames = List.copyOf(classNames);
        templates = List.copyOf(templates);
        languages = List.copyOf(languages);
        var seen = new HashSet<String>();
        for (String className : classNames) {
            if (!seen.add(className)) {
                throw new DatasetException(
                        name + ": class name \"" + className + "\" stands for two labels; rename one");
            }
        }
    }

    /** Returns name and split for messages, such as {@code emoji/train}. */
    public String title() {
        return split.isEmpty() ? name : name + "/" + split;
    }

    /** Returns the same with other class names. */
    public DatasetInfo withClassNames(List<String> other) {
        return new DatasetInfo(name, split, other, templates, languages);
    }

    /** Returns the same with other prompt templates. */
    public DatasetInfo withTemplates(List<String> other) {
        return new DatasetInfo(name, split, classNames, other, languages);
    }

    /** Returns the same under another name. */
    public DatasetInfo withName(String other) {
        return new DatasetInfo(other, split, classNames, templates, languages);
    }
}
