package dev.perennial.method.time;

import dev.perennial.method.Part;
import dev.perennial.method.module.ModuleOptions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The choices of strategies that learn again what fits into a memory.
 *
 * @param train the parts to train
 * @param labelSmoothing share of the target spread over all classes, in {@code [0, 1)}
 * @param modules small parts that are added to the model; none if absent
 * @param budgets as of {@link CumulativeOptions}
 * @param memory for samples of earlier steps
 */
public record ReplayedOptions(
        Set<Part> train,
        double labelSmoothing,
        Optional<ModuleOptions> modules,
        List<Double> budgets,
        ReplayMemory memory) {
    /** Checks the ranges. */
    public ReplayedOptions {
        train = new CumulativeOptions(train, labelSmoothing, modules, budgets).train();
        budgets = List.copyOf(budgets);
    }

    CumulativeOptions cumulative() {
        return new CumulativeOptions(train, labelSmoothing, modules, budgets);
    }
}
