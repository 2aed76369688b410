package dev.perennial.stream;

import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.data.Dataset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The samples of an online stream in the order in which they come, each once. Classes are counted in the order in which they first come,
 * so that those seen so far are always the first ones.
 *
 * <p>A learner is told of {@link #told one experience} that lasts as long as the stream. Where a session ends is for results alone.
 */
@SuppressWarnings("ArrayRecordComponent") // Made once for a stream; never compared.
public final class Arrivals {
    private final Experience told;
    private final Dataset samples;
    private final Dataset test;
    private final Supervision.Labels labels;
    private final int[] sessionEnds;
    private final int[] firstAt;
    private final int leftOut;
    private final Optional<ArrivalSpec> pace;

    /**
     * Puts a stream together.
     *
     * @param samples what comes, in order, labelled in the order in which classes first come
     * @param test the held-out samples of all classes, labelled alike
     * @param sessionEnds the number of samples that have come at the end of each session
     * @param leftOut samples of the data set that never come, because their class or they themselves do not divide among sessions
     * @param pace how fast samples come; absent where the stream waits for its learner
     */
    Arrivals(
            String name,
            Dataset samples,
            Dataset test,
            PromptTemplates templates,
            int[] sessionEnds,
            int leftOut,
            Optional<ArrivalSpec> pace) {
        this.pace = pace;
        this.samples = samples;
        this.test = test;
        this.sessionEnds = sessionEnds.clone();
        this.leftOut = leftOut;
        this.labels = new Supervision.Labels(samples.classNames(), templates);
        this.told = new Experience(0, name, new OnceOnly(samples), new Supervision.Arriving(templates));
        int[] labelOf = samples.labels();
        firstAt = new int[labels.classNames().size()];
        Arrays.fill(firstAt, samples.size());
        for (int i = labelOf.length - 1; i >= 0; i--) {
            if (labelOf[i] != Dataset.NO_LABEL) {
                firstAt[labelOf[i]] = i;
            }
        }
    }

    /** Returns the experience that a learner is told of: it does not say which classes there are, and its samples cannot be read. */
    public Experience told() {
        return told;
    }

    /** Returns the samples in the order in which they come. */
    public Dataset samples() {
        return samples;
    }

    /** Returns the held-out samples of all classes, which are counted in the order in which they first come. */
    public Dataset test() {
        return test;
    }

    /** Returns the number of samples that have come at the end of each session. */
    public List<Integer> sessionEnds() {
        return Arrays.stream(sessionEnds).boxed().toList();
    }

    /** Returns how fast samples come; absent where the stream waits for its learner. */
    public Optional<ArrivalSpec> pace() {
        return pace;
    }

    /** Returns the number of samples of the data set that never come, because they do not divide evenly among sessions. */
    public int leftOut() {
        return leftOut;
    }

    /**
     * Returns the classes that have been seen when so many samples have come, in the order in which they first came.
     *
     * @param arrived at least 1: before the first sample there is no class
     */
    public Supervision.Labels seen(int arrived) {
        int seen = 0;
        while (seen < firstAt.length && firstAt[seen] < arrived) {
            seen++;
        }
        return seen == firstAt.length
                ? labels
                : new Supervision.Labels(labels.classNames().subList(0, seen), labels.templates());
    }
}
