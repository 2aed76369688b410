package dev.perennial.evaluate.anytime;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The accuracy of each class seen so far at the end of a session.
 *
 * @param session its name
 * @param classes in percent, by class name, in the order in which classes came; those without a usable test image are left out
 */
public record SessionAccuracy(String session, Map<String, Double> classes) {
    /** Keeps a copy in order. */
    public SessionAccuracy {
        classes = Collections.unmodifiableMap(new LinkedHashMap<>(classes));
    }
}
