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
