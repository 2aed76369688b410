package dev.perennial.follow;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.perennial.evaluate.metric.ResultMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * What a new model must not lose to become the current one. A gate that is not stated is open.
 *
 * @param earlierSteps most points that may be lost on the held-out samples of any earlier step, at least 0
 * @param control most points that may be lost on any control set, at least 0
 * @param newStep least points that must be gained on the held-out samples of the new step over the current model; may be negative
 * @param against what losses are counted from; {@code best} if not stated
 */
public record Gates(
        OptionalDouble earlierSteps, OptionalDouble control, OptionalDouble newStep, Optional<Against> against) {
    /** No gate at all. */
    public static final Gates OPEN =
            new Gates(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty(), Optional.empty());

    /** Rounding of means must not close a gate. */
    private static final double TOLERANCE = 1e-9;

    /** The model that losses are counted from. */
    public enum Against {
        /** The best of all current models so far, on control sets also the pretrained one: small losses cannot add up. */
        @JsonProperty("best")
        BEST,
        /** The current model. */
        @JsonProperty("current")
        CURRENT
    }

    /** Checks the ranges. */
    public Gates {
        notNegative("gates.earlier-steps", earlierSteps);
        notNegative("gates.control", control);
        if (!Double.isFinite(newStep.orElse(0))) {
            throw new IllegalArgumentException("gates.new-step must be a number of points");
        }
    }

    private static void notNegative(String name, OptionalDouble points) {
        if (!(points.orElse(0) >= 0)) {
            throw new IllegalArgumentException(name + " must be at least 0 points but is " + points.getAsDouble());
        }
    }

    /**
     * Returns why the model of the last row must not become the current one; nothing if it may.
     *
     * @param matrix rows of the promoted steps in order and then that of the new one
     */
    public List<String> failures(ResultMatrix matrix) {
        int row = matrix.experiences().size() - 1;
        List<String> failures = new ArrayList<>();
        for (int set = 0; set < matrix.dataSets().size(); set++) {
            OptionalDouble now = matrix.score(row, set);
            if (now.isPresent()) {
                boolean isControl = matrix.learnedAt(set).isEmpty();
                if (matrix.learnedAt(set).orElse(-1) == row) {
                    failure(matrix, set, now.getAsDouble()).ifPresent(failures::add);
                } else {
                    lost(isControl ? "control set" : "earlier step", matrix, set, now.getAsDouble(), isControl)
                            .ifPresent(failures::add);
                }
            }
        }
        return failures;
    }

    /** The new step itself: what the model before it made of its held-out samples is the base. */
    private Optional<String> failure(ResultMatrix matrix, int set, double now) {
        OptionalDouble before = before(matrix, set, matrix.experiences().size() - 1);
        if (newStep.isEmpty() || before.isEmpty()) {
            return Optional.empty();
        }
        double gained = now - before.getAsDouble();
        return gained >= newStep.getAsDouble() - TOLERANCE
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "new step %s went from %.1f to %.1f by learning it: a gain of %.1f where %.1f is asked for",
                        matrix.dataSets().get(set),
                        before.getAsDouble(),
                        now,
                        gained,
                        newStep.getAsDouble()));
    }

    private Optional<String> lost(String what, ResultMatrix matrix, int set, double now, boolean isControl) {
        OptionalDouble allowed = isControl ? control : earlierSteps;
        int row = matrix.experiences().size() - 1;
        OptionalDouble reference = against.orElse(Against.BEST) == Against.CURRENT
                ? before(matrix, set, row)
                : best(matrix, set, row, isControl);
        if (allowed.isEmpty() || reference.isEmpty()) {
            return Optional.empty();
        }
        double lost = reference.getAsDouble() - now;
        return lost <= allowed.getAsDouble() + TOLERANCE
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "%s %s fell from %.1f (%s) to %.1f: %.1f points where %.1f may be lost",
                        what,
                        matrix.dataSets().get(set),
                        reference.getAsDouble(),
                        against.orElse(Against.BEST) == Against.CURRENT ? "current model" : "best so far",
                        now,
                        lost,
                        allowed.getAsDouble()));
    }

    private static OptionalDouble before(ResultMatrix matrix, int set, int row) {
        return row == 0 ? matrix.zeroShot(set) : matrix.score(row - 1, set);
    }

    private static OptionalDouble best(ResultMatrix matrix, int set, int row, boolean isControl) {
        // A step counts from where it is learned; what a lucky guess scored before is not something to keep.
        int from = matrix.learnedAt(set).orElse(0);
        double best = IntStream.range(from, row)
                .mapToObj(earlier -> matrix.score(earlier, set))
                .flatMapToDouble(OptionalDouble::stream)
                .max()
                .orElse(Double.NEGATIVE_INFINITY);
        if (isControl) {
            best = Math.max(best, matrix.zeroShot(set).orElse(Double.NEGATIVE_INFINITY));
        }
        return best == Double.NEGATIVE_INFINITY ? OptionalDouble.empty() : OptionalDouble.of(best);
    }
}
