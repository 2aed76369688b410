package dev.perennial.evaluate;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** Which class names a sample is classified among; numbers of different protocols must never stand in one table. */
public enum Protocol {
    /** The names of the sample's own data set: the task is known at evaluation (MTIL, ODCL-TIL). */
    TASK_AWARE("task-aware", "Each sample is classified among the class names of its own data set."),
    /** The pooled names of several data sets: the task is not known at evaluation (class-incremental, ODCL-CIL, X-TAIL). */
    POOLED(
            "pooled",
            "Each sample is classified among the pooled class names of many data sets, without knowing its own.");

    private final String label;
    private final String meaning;

    Protocol(String label, String meaning) {
        this.label = label;
        this.meaning = meaning;
    }

    /** Returns the name under which results state it, such as {@code task-aware}. */
    @JsonValue
    public String label() {
        return label;
    }

    /** Returns a sentence that says what it means. */
    public String meaning() {
        return meaning;
    }

    /**
     * Returns the protocol of a label.
     *
     * @throws IllegalArgumentException if there is none
     */
    @JsonCreator
    public static Protocol of(String label) {
        return Arrays.stream(values())
                .filter(protocol -> protocol.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "unknown protocol '" + label + "'; it is 'task-aware' or 'pooled'"));
    }
}
