package dev.perennial.method.rail;

import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import org.bytedeco.pytorch.Tensor;

/**
 * Ridge regression from image features to one column a class, in double precision. What it gives does not depend on how the samples
 * were split into batches and tasks, but for rounding.
 */
interface Regression extends AutoCloseable {
    /**
     * Takes in samples, which count once it is solved anew.
     *
     * @param features normalised rows {@code [batch, embedDim]} of any floating type
     * @param columns the column of each sample's class
     */
    void add(Tensor features, long[] columns);

    /** Solves for all samples so far. */
    void solve(int columns);

    /** Returns the number of columns that it was solved for last; 0 before. */
    int solved();

    /** Returns the scores of features {@code [batch, embedDim]}: {@code [batch, solved]} in double precision. */
    Tensor scores(Tensor features);

    /** Adds everything that was taken in and solved for, without copying it. */
    void save(StateWriter state);

    /** Puts back what {@link #save} returned. */
    void restore(StateReader state);

    /** Returns the number of learned weights. */
    long parameterCount();

    @Override
    void close();
}
