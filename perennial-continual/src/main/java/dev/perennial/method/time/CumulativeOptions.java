package dev.perennial.method.time;

import dev.perennial.method.Part;
import dev.perennial.method.Ranges;
import dev.perennial.method.module.ModuleOptions;
import dev.perennial.method.tune.TuningOptions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The choices of strategies that learn everything again that is kept.
 *
 * @param train the parts to train
 * @param labelSmoothing share of the target spread over all classes, in {@code [0, 1)}
 * @param modules small parts that are added to the model; none if absent
 * @param budgets multiples of the configured steps, one for each time step, the last one for all that follow; none for 1 (TiC-CLIP's
 *     Cumulative-All* grows as 1, 1, 1, 1, 1.5, 2, 3)
 */
public record CumulativeOptions(
        Set<Part> train, double labelSmoothing, Optional<ModuleOptions> modules, List<Double> budgets) {
    /** Checks the ranges. */
    public CumulativeOptions {
        train = new TuningOptions(train, labelSmoothing, Optional.empty(), modules).train();
        budgets = List.copyOf(budgets);
        budgets.forEach(budget -> Ranges.positive("budgets", budget));
    }

    TuningOptions tuning() {
        return new TuningOptions(train, labelSmoothing, Optional.empty(), modules);
    }
}
