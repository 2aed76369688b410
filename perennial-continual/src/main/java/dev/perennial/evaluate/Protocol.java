package dev.perennial.evaluate;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** Which class names a sample is classified among; numbers of different protocols must never stand in one table. */
public enum Protocol {
    /** The names of the sample's own data set: the task is known at evaluation (MTIL, ODCL-TIL). */
    TASK_AWARE("task-aware", "Each sample is classified among the class names of its own data set."),
    /**
     * The names learned so far, each once: the task is not known at evaluation (class increments; ODCL-CIL of CoLeCLIP, arXiv
     * 2403.10245). A name of several sets is one class with the templates of all of them.
     */
    POOLED(
            "pooled",
            "Each sample of a learned data set is classified among the class names of all data sets learned so far, without"
                    + " knowing its own; a name that several of them have counts once. Samples of data sets not learned yet"
                    + " are classified among the names of their own data set."),
    /**
     * The names of the whole stream, learned or not (X-TAIL of RAIL, arXiv 2406.18868). A name of several sets is a class of each,
     * as in the published protocol.
     */
    POOLED_ALL(
            "pooled-all",
            "Each sample is classified among the class names of all data sets of the stream, learned or not, without knowing"
                    + " its own; a name that several of them have counts for each. Control sets are classified among their own"
                    + " names.");

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
                        "unknown protocol '" + label + "'; it is 'task-aware', 'pooled' or 'pooled-all'"));
    }
}
