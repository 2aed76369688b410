package dev.perennial.method.distill;

import dev.perennial.clip.Clip;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodProvider;
import dev.perennial.method.Part;
import dev.perennial.method.Ranges;
import dev.perennial.method.module.ModuleOptions;
import dev.perennial.method.tune.Tuning;
import dev.perennial.method.tune.TuningOptions;
import java.util.Optional;
import java.util.Set;

/** Makes {@code pair-lwf} known. */
public final class PairLwfProvider implements MethodProvider<PairLwfProvider.Options> {
    /**
     * The choices.
     *
     * @param train the parts to train
     * @param labelSmoothing share of the target spread over all classes, in {@code [0, 1)}
     * @param modules small parts that are added to the model; none if absent
     * @param weight of the divergence from the last model, at least 0
     */
    public record Options(Set<Part> train, double labelSmoothing, Optional<ModuleOptions> modules, double weight) {
        /** Checks the ranges. */
        public Options {
            train = new TuningOptions(train, labelSmoothing, Optional.empty(), modules).train();
            Ranges.notNegative("weight", weight);
        }

        TuningOptions tuning() {
            return new TuningOptions(train, labelSmoothing, Optional.empty(), modules);
        }
    }

    @Override
    public String name() {
        return "pair-lwf";
    }

    @Override
    public String summary() {
        return "LwF on image-text pairs: the last model's distribution over each batch of pairs is kept.";
    }

    @Override
    public String source() {
        return "Garg et al. 2024 (TiC-CLIP), arXiv 2310.16226";
    }

    @Override
    public Class<Options> optionsType() {
        return Options.class;
    }

    @Override
    public Method create(Clip pretrained, Options options, MethodContext context) {
        return Tuning.of(pretrained, options.tuning(), context, new PairDistillation(pretrained, options.weight()));
    }
}
