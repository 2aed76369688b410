package dev.perennial.method;

import dev.perennial.clip.text.PromptTemplates;
import java.util.List;

/**
 * The classes that an image may be given.
 *
 * @param classNames in the order of the scores
 * @param templates prompts for a class name; all are used together
 */
public record Candidates(List<String> classNames, PromptTemplates templates) {
    /** Keeps an unchangeable copy of the names. */
    public Candidates {
        classNames = List.copyOf(classNames);
    }
}
