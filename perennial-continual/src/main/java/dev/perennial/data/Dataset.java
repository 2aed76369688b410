package dev.perennial.data;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One split of a data set with random access; safe for use by several threads.
 *
 * <p>Views are cheap and share the reader of the data set they were made from: closing a view closes that data set. A sample
 * whose record cannot be read stays in every view, so that it is counted where samples are loaded and never hidden.
 */
public interface Dataset extends AutoCloseable {
    /** The value of {@link #labels()} where there is no label. */
    int NO_LABEL = -1;

    /** Returns name, split, class names, templates and languages. */
    DatasetInfo info();

    /** Returns the number of samples, bad ones included. */
    int size();

    /**
     * Returns a sample; its record is read now, its image when asked for.
     *
     * @param position {@code 0..size-1}
     * @throws BadSampleException if this sample cannot be used
     */
    Sample sample(int position);

    /**
     * Returns a SHA-256 in hex of what the data set holds: equal for equal files, whatever folder they lie in. Image folders
     * and tables count with paths and sizes, shards with all their bytes.
     */
    String hash();

    @Override
    void close();

    /** Returns the name, such as {@code emoji}. */
    default String name() {
        return info().name();
    }

    /** Returns the split, such as {@code train}; empty if the data set has no splits. */
    default String split() {
        return info().split();
    }

    /** Returns the class names by label; empty if the samples have no labels. */
    default List<String> classNames() {
        return info().classNames();
    }

    /** Returns the prompt templates with {@code {}} for the class name; may be empty. */
    default List<String> templates() {
        return info().templates();
    }

    /** Returns the language codes of the captions. */
    default List<String> languages() {
        return info().languages();
    }

    /** Returns the label of every sample by position, {@link #NO_LABEL} for unlabelled and bad ones. */
    default int[] labels() {
        return IntStream.range(0, size())
                .map(position -> {
                    try {
                        return sample(position).label().orElse(NO_LABEL);
                    } catch (BadSampleException e) {
                        return NO_LABEL;
                    }
                })
                .toArray();
    }

    /** Returns the samples at these positions, in this order; a position may come more than once. */
    default Dataset select(int[] positions) {
        return new Selection(this, positions);
    }

    /** Returns the samples whose position passes. */
    default Dataset select(IntPredicate positions) {
        return select(IntStream.range(0, size()).filter(positions).toArray());
    }

    /** Returns the samples that pass, and those whose record cannot be read. */
    default Dataset filter(Predicate<Sample> condition) {
        return select(position -> {
            try {
                return condition.test(sample(position));
            } catch (BadSampleException e) {
                return true;
            }
        });
    }

    /** Returns the first samples, {@code count} of them at most. */
    default Dataset limit(int count) {
        return count >= size() ? this : select(position -> position < count);
    }

    /** Returns up to {@code perClass} samples of every class, drawn without replacement, in the order of this data set. */
    default Dataset fewShot(int perClass, RandomGenerator random) {
        return select(FewShot.positions(labels(), classNames().size(), perClass, random));
    }

    /**
     * Returns the same samples with the value of an attribute as their class; a sample without exactly one of these values is
     * bad.
     *
     * @param attribute name of an attribute, such as {@code group}
     * @param classNames values of the attribute by new label
     */
    default Dataset relabel(String attribute, List<String> classNames) {
        return new Relabelling(this, attribute, classNames);
    }

    /** Returns the same samples under another description, for example with other class names for the same labels. */
    default Dataset describedBy(DatasetInfo info) {
        return new Description(this, info);
    }

    /** Returns the values that an attribute takes in this data set, sorted, each once. */
    default List<String> values(String attribute) {
        return IntStream.range(0, size())
                .boxed()
                .flatMap(position -> {
                    try {
                        return sample(position).values(attribute).stream();
                    } catch (BadSampleException e) {
                        return Stream.empty();
                    }
                })
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * Returns several data sets one after the other, keys prefixed with name and split. Classes of the same name become one,
     * in order of first appearance; if one part is unlabelled, so is the whole.
     */
    static Dataset concat(List<Dataset> parts) {
        return parts.size() == 1 ? parts.getFirst() : new Concatenation(parts);
    }
}
