package dev.perennial.stream;

import dev.perennial.clip.text.PromptTemplates;
import java.util.List;

/** What tells a learner the meaning of an image. */
public sealed interface Supervision {
    /**
     * Each image has one class.
     *
     * @param classNames the classes in the order of the labels
     * @param templates prompts for a class name; training uses the first, evaluation all
     */
    record Labels(List<String> classNames, PromptTemplates templates) implements Supervision {
        /** Keeps an unchangeable copy of the names. */
        public Labels {
            classNames = List.copyOf(classNames);
            if (classNames.isEmpty()) {
                throw new IllegalArgumentException("a labelled set needs at least one class name");
            }
        }
    }

    /**
     * Each image has one class, and which classes there are shows only as they come: every batch says what has been seen so far.
     *
     * @param templates prompts for a class name; training uses the first, evaluation all
     */
    record Arriving(PromptTemplates templates) implements Supervision {}

    /**
     * Each image has captions.
     *
     * @param languages codes of the languages to use, such as {@code en}
     */
    record Captions(List<String> languages) implements Supervision {
        /** Keeps an unchangeable copy of the codes. */
        public Captions {
            languages = List.copyOf(languages);
        }
    }
}
