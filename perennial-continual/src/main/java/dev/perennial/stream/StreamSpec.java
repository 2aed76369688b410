package dev.perennial.stream;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.perennial.data.OneOrMore;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A stream as a configuration names it: tasks, each a data set of its own, or one data set whose classes come in groups, whose captions
 * come language by language, or whose samples come in the order of time or once in an online stream.
 *
 * @param name what it is called in results
 * @param tasks data sets that are learned; none where there is a class increment
 * @param classIncrement a data set whose classes come in groups, in place of tasks
 * @param languages a data set whose captions come language by language, in place of tasks
 * @param time a data set whose samples come in the order of time, in place of tasks
 * @param online a data set whose samples come once, without boundaries, in place of tasks
 * @param follow a folder in which shards appear, each of which is a step, in place of tasks
 * @param order in which tasks, classes or languages come: {@code listed} (as they are listed, the default), {@code alphabetical},
 *     {@code random}, the name of one of {@code orders}, or a list of all names or of all places counted from 0
 * @param orders further orders by name
 * @param orderSeed seed of a random order, which is {@code RandomState(seed).permutation} of numpy, or of the order of an online stream,
 *     whose generator is PyTorch's; 42 if not stated
 * @param shots training samples of each class, drawn at random; all if not stated
 * @param shotsSeed seed of that draw; 42 if not stated
 * @param control data sets that are never learned, only judged on
 */
public record StreamSpec(
        String name,
        @JsonSetter(nulls = Nulls.AS_EMPTY) List<TaskSpec> tasks,
        Optional<ClassIncrementSpec> classIncrement,
        Optional<LanguageSpec> languages,
        Optional<TimeSpec> time,
        Optional<OnlineSpec> online,
        Optional<FollowSpec> follow,
        Optional<OneOrMore> order,
        @JsonSetter(nulls = Nulls.AS_EMPTY) Map<String, OneOrMore> orders,
        OptionalLong orderSeed,
        OptionalInt shots,
        OptionalLong shotsSeed,
        Optional<List<TaskSpec>> control) {
    private static final String ZERO_SHOT = "zero-shot";

    /** Checks that there is something to learn and that names differ. */
    public StreamSpec {
        tasks = List.copyOf(tasks);
        orders = Map.copyOf(orders);
        control = control.map(List::copyOf);
        long sources = Stream.of(classIncrement, languages, time, online, follow)
                        .filter(Optional::isPresent)
                        .count()
                + (tasks.isEmpty() ? 0 : 1);
        if (sources == 0) {
            throw new IllegalArgumentException(
                    "a stream needs at least one task, a class-increment, languages, time, online or a folder to follow");
        }
        if (sources > 1) {
            throw new IllegalArgumentException(
                    "a stream has either tasks, a class-increment, languages, time, online or a folder to follow, not several of them");
        }
        if (languages.isPresent() && !languages.get().codes().isEmpty()) {
            Ordering.of(order, orders, orderSeed, languages.get().codes());
        }
        if ((time.isPresent() || follow.isPresent()) && order.isPresent()) {
            throw new IllegalArgumentException("time has its own order; leave stream.order out");
        }
        if (online.isPresent() && order.isPresent()) {
            throw new IllegalArgumentException(
                    "the order of an online stream follows from stream.order-seed; leave stream.order out");
        }
        if (follow.isPresent() && shots.isPresent()) {
            throw new IllegalArgumentException("shards are learned whole; leave stream.shots out");
        }
        if (shots.isPresent() && shots.getAsInt() < 1) {
            throw new IllegalArgumentException("shots must be at least 1 but is " + shots.getAsInt());
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
        if (!tasks.isEmpty()) {
            // A wrong order should be known before any data set is opened.
            Ordering.of(
                    order, orders, orderSeed, tasks.stream().map(TaskSpec::name).toList());
        }
    }
}
