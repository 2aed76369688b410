package dev.perennial.method;

import dev.perennial.clip.text.PromptTemplates;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The classes that an image may be given.
 *
 * @param classNames in the order of the scores
 * @param templatesByClass prompts for each class; all those of a class are used together
 */
public record Candidates(List<String> classNames, List<PromptTemplates> templatesByClass) {
    /** Keeps unchangeable copies and checks that every class has its templates. */
    public Candidates {
        classNames = List.copyOf(classNames);
        templatesByClass = List.copyOf(templatesByClass);
        if (classNames.size() != templatesByClass.size()) {
            throw new IllegalArgumentException(
                    classNames.size() + " classes with the templates of " + templatesByClass.size());
        }
    }

    /** Makes candidates that share their templates. */
    public Candidates(List<String> classNames, PromptTemplates templates) {
        this(classNames, Collections.nCopies(classNames.size(), templates));
    }

    /** Returns the prompts of each class, in the order of the classes. */
    public List<List<String>> prompts() {
        return IntStream.range(0, classNames.size())
                .mapToObj(i -> templatesByClass.get(i).fill(classNames.get(i)))
                .toList();
    }
}
