package dev.perennial.stream;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A stream of tasks as a configuration names it.
 *
 * @param name what it is called in results
 * @param tasks data sets in the order in which they are learned
 * @param control data sets that are never learned, only judged on
 */
public record StreamSpec(String name, List<TaskSpec> tasks, Optional<List<TaskSpec>> control) {
    private static final String ZERO_SHOT = "zero-shot";

    /** Checks that there is a task and that names differ. */
    public StreamSpec {
        tasks = List.copyOf(tasks);
        control = control.map(List::copyOf);
        if (tasks.isEmpty()) {
            throw new IllegalArgumentException("a stream needs at least one task");
        }
        Set<String> names = new HashSet<>();
        for (List<TaskSpec> group : List.of(tasks, control.orElse(List.of()))) {
            for (TaskSpec task : group) {
                if (task.name().equals(ZERO_SHOT)) {
                    throw new IllegalArgumentException("a task cannot be called '" + ZERO_SHOT
                            + "': results call the row before the first task so; rename it");
                }
                if (!names.add(task.name())) {
                    throw new IllegalArgumentException("two tasks are called '" + task.name() + "'; rename one");
                }
            }
        }
    }
}
