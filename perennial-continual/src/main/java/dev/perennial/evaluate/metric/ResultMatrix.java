package dev.perennial.evaluate.metric;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The score of every data set after every experience of a stream, in percent (0 to 100).
 *
 * <p>Rows are experiences in the order of the stream, columns are data sets. A row for the model before the first experience
 * (zero-shot) may stand above them. A cell that was not measured is empty: rows of experiences that are still to come, or, in
 * class-incremental and language streams, columns that are not seen yet.
 *
 * <p>A data set is learned in the first experience that teaches it: one named by {@link Builder#teaches}, else the experience of
 * its own name. A data set that no experience teaches is held out: it is only watched.
 */
public final class ResultMatrix {
    private final List<String> experiences;
    private final List<String> dataSets;
    private final int[] learnedAt;
    private final double[] zeroShot;
    private final double[][] cells;

    private ResultMatrix(Builder builder) {
        this.experiences = builder.experiences;
        this.dataSets = builder.dataSets;
        this.learnedAt = dataSets.stream().mapToInt(builder::learnedAt).toArray();
        this.zeroShot = builder.zeroShot.clone();
        this.cells = Arrays.stream(builder.cells).map(double[]::clone).toArray(double[][]::new);
    }

    /**
     * Starts a matrix with no cell measured.
     *
     * @param experiences the names of all experiences of the stream, in order
     * @param dataSets the names of the data sets, in order
     * @throws IllegalArgumentException if there is no data set, or a name is blank or occurs twice
     */
    public static Builder builder(List<String> experiences, List<String> dataSets) {
        return new Builder(experiences, dataSets);
    }

    /**
     * Returns a full square matrix in which experience {@code i} teaches data set {@code i}.
     *
     * @param names the names of the experiences and of the data sets
     * @param cells {@code [experiences, data sets]} in percent
     */
    public static ResultMatrix square(List<String> names, double[][] cells) {
        Builder builder = builder(names, names);
        for (int row = 0; row < cells.length; row++) {
            builder.after(names.get(row), cells[row]);
        }
        return builder.build();
    }

    /** Returns the names of the experiences (rows), also of those that are not measured yet. */
    public List<String> experiences() {
        return experiences;
    }

    /** Returns the names of the data sets (columns). */
    public List<String> dataSets() {
        return dataSets;
    }

    /** Returns the score of a data set after an experience, or nothing if it was not measured. */
    public OptionalDouble score(int experience, int dataSet) {
        return optional(cells[experience][dataSet]);
    }

    /** Returns the score of a data set before the first experience, or nothing if it was not measured. */
    public OptionalDouble zeroShot(int dataSet) {
        return optional(zeroShot[dataSet]);
    }

    /** Returns whether any data set was measured before the first experience. */
    public boolean hasZeroShot() {
        return anyMeasured(zeroShot);
    }

    /** Returns the first experience that teaches a data set, or nothing if the data set is held out. */
    public OptionalInt learnedAt(int dataSet) {
        return learnedAt[dataSet] < experiences.size() ? OptionalInt.of(learnedAt[dataSet]) : OptionalInt.empty();
    }

    /** Returns whether a data set had been learned when the row of an experience was measured. */
    public boolean seen(int experience, int dataSet) {
        return learnedAt[dataSet] <= experience;
    }

    /** Returns whether any data set was measured after an experience. */
    public boolean measured(int experience) {
        return anyMeasured(cells[experience]);
    }

    /** Returns the last experience that was measured, or nothing if none was. */
    public OptionalInt lastMeasured() {
        return IntStream.range(0, experiences.size()).filter(this::measured).reduce((first, second) -> second);
    }

    /**
     * Returns the scores with the data set that experience {@code i} teaches as column {@code i}.
     *
     * @return {@code [experiences, experiences]}; cells that were not measured are NaN
     * @throws IllegalStateException if some experience does not teach exactly one data set
     */
    public double[][] square() {
        int[] taught = IntStream.range(0, experiences.size())
                .map(experience -> {
                    int[] columns = IntStream.range(0, dataSets.size())
                            .filter(column -> learnedAt[column] == experience)
                            .toArray();
                    if (columns.length != 1) {
                        throw new IllegalStateException("experience '" + experiences.get(experience) + "' teaches "
                                + columns.length
                                + " of the data sets; metrics over time or languages need exactly one for each");
                    }
                    return columns[0];
                })
                .toArray();
        return Arrays.stream(cells)
                .map(row ->
                        Arrays.stream(taught).mapToDouble(column -> row[column]).toArray())
                .toArray(double[][]::new);
    }

    /** The cell, or NaN if it was not measured. */
    double cell(int experience, int dataSet) {
        return cells[experience][dataSet];
    }

    /** The row at which a data set is learned; the number of rows if it is held out. */
    int learnedRow(int dataSet) {
        return learnedAt[dataSet];
    }

    private static boolean anyMeasured(double[] row) {
        return DoubleStream.of(row).anyMatch(value -> !Double.isNaN(value));
    }

    private static OptionalDouble optional(double value) {
        return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** Collects the rows of a {@link ResultMatrix}; a NaN stands for a cell that was not measured. */
    public static final class Builder {
        private final List<String> experiences;
        private final List<String> dataSets;
        private final Map<String, Integer> taughtAt = new HashMap<>();
        private final double[] zeroShot;
        private final double[][] cells;

        private Builder(List<String> experiences, List<String> dataSets) {
            this.experiences = distinct("experience", experiences);
            this.dataSets = distinct("data set", dataSets);
            if (dataSets.isEmpty()) {
                throw new IllegalArgumentException("a result matrix needs at least one data set");
            }
            this.zeroShot = unmeasured();
            this.cells = new double[experiences.size()][];
            Arrays.setAll(cells, row -> unmeasured());
        }

        /** Says that an experience teaches a data set; the first such experience counts as the one it is learned in. */
        public Builder teaches(String experience, String dataSet) {
            index("data set", dataSets, dataSet);
            taughtAt.merge(dataSet, index("experience", experiences, experience), Math::min);
            return this;
        }

        /** Sets the scores before the first experience, one for each data set. */
        public Builder zeroShot(double... scores) {
            copy("before the first experience", scores, zeroShot);
            return this;
        }

        /** Sets the scores after an experience, one for each data set. */
        public Builder after(String experience, double... scores) {
            copy("after '" + experience + "'", scores, cells[index("experience", experiences, experience)]);
            return this;
        }

        /** Makes the matrix; the builder may go on and make later, fuller ones. */
        public ResultMatrix build() {
            return new ResultMatrix(this);
        }

        private int learnedAt(String dataSet) {
            int own = experiences.indexOf(dataSet);
            return taughtAt.getOrDefault(dataSet, own < 0 ? experiences.size() : own);
        }

        private void copy(String where, double[] scores, double[] row) {
            if (scores.length != row.length) {
                throw new IllegalArgumentException(
                        scores.length + " scores " + where + " for " + row.length + " data sets");
            }
            for (int i = 0; i < row.length; i++) {
                if (scores[i] < 0 || scores[i] > 100) {
                    throw new IllegalArgumentException("the score " + scores[i] + " of '" + dataSets.get(i) + "' "
                            + where + " is not a percentage from 0 to 100");
                }
            }
            System.arraycopy(scores, 0, row, 0, row.length);
        }

        private double[] unmeasured() {
            double[] row = new double[dataSets.size()];
            Arrays.fill(row, Double.NaN);
            return row;
        }

        private static int index(String what, List<String> names, String name) {
            int index = names.indexOf(name);
            if (index < 0) {
                throw new IllegalArgumentException("no " + what + " '" + name + "'; there are " + names);
            }
            return index;
        }

        private static List<String> distinct(String what, List<String> names) {
            if (new LinkedHashSet<>(names).size() < names.size()
                    || names.stream().anyMatch(String::isBlank)) {
                throw new IllegalArgumentException(
                        "the name of every " + what + " must occur once and not be blank: " + names);
            }
            return List.copyOf(names);
        }
    }
}
