package dev.perennial.method.sit;

import dev.perennial.clip.Clip;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.Part;
import dev.perennial.method.Ranges;
import dev.perennial.method.module.ModuleOptions;
import dev.perennial.method.replay.Replay;
import dev.perennial.method.tune.Matching;
import dev.perennial.method.tune.Safeguard;
import dev.perennial.method.tune.TaskLoss;
import dev.perennial.method.tune.Tuning;
import dev.perennial.method.tune.TuningOptions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The choices.
 *
 * @param train the parts to train
 * @param labelSmoothing share of the target spread over the classes that images are matched with, in {@code [0, 1)}
 * @param modules small parts that are added to the model; none if absent
 * @param matching the classes that images are matched with: those of the batch, or, as the asymmetric baseline does, all seen
 * @param doubleSoftmax whether the cross entropy takes the softmax of probabilities in place of that of logits
 * @param memory samples of a reservoir that are learned again; 0 for none
 * @param memoryBatchSize samples that each step draws from it
 * @param memoryMatchesAll whether a memory makes all images match with all classes seen, whatever {@code matching} says
 */
public record SitOptions(
        Set<Part> train,
        double labelSmoothing,
        Optional<ModuleOptions> modules,
        Matching.Scope matching,
        boolean doubleSoftmax,
        int memory,
        int memoryBatchSize,
        boolean memoryMatchesAll) {
    /** Checks the ranges. */
    public SitOptions {
        train = new TuningOptions(train, labelSmoothing, Optional.empty(), modules).train();
        Ranges.atLeast("memory", 0, memory);
        Ranges.atLeast("memory-batch-size", 1, memoryBatchSize);
    }

    private TuningOptions tuning() {
        return new TuningOptions(train, labelSmoothing, Optional.empty(), modules);
    }

    /** Returns how the loss of a batch is made. */
    Matching matchingInUse() {
        boolean all = memory > 0 && memoryMatchesAll;
        return new Matching(all ? Matching.Scope.SEEN : matching, labelSmoothing, doubleSoftmax);
    }

    Method method(Clip pretrained, MethodContext context) {
        var task = new TaskLoss(pretrained, matchingInUse(), context.random().stream("captions"));
        List<Safeguard> safeguards = memory == 0
                ? List.of()
                : List.of(Replay.ofReservoir(pretrained, task, memory, memoryBatchSize, context));
        return new Tuning(pretrained, tuning(), context, task, safeguards);
    }
}
