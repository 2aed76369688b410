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

/** Makes {@code mod-x} known. */
public final class ModXProvider implements MethodProvider<ModXProvider.Options> {
    /**
     * The choices.
     *
     * @param train the parts to train
     * @param labelSmoothing share of the target spread over all classes, in {@code [0, 1)}
     * @param modules small parts that are added to the model; none if absent
     * @param alpha weight of the term, at least 0
     * @param temperature of the softmaxes, positive
     * @param diagonal whether the similarity of matching images and texts takes part
     * @param reduction how rows are put together
     * @param filter which rows count
     */
    public record Options(
            Set<Part> train,
            double labelSmoothing,
            Optional<ModuleOptions> modules,
            double alpha,
            double temperature,
            boolean diagonal,
            AlignmentLoss.Reduction reduction,
            AlignmentLoss.Filter filter) {
        /** Checks the ranges. */
        public Options {
            train = new TuningOptions(train, labelSmoothing, Optional.empty(), modules).train();
            Ranges.notNegative("alpha", alpha);
            new AlignmentLoss(temperature, diagonal, reduction, filter);
        }

        TuningOptions tuning() {
            return new TuningOptions(train, labelSmoothing, Optional.empty(), modules);
        }
    }

    @Override
    public String name() {
        return "mod-x";
    }

    @Override
    public String summary() {
        return "Mod-X: the image-text similarities of each batch stay as the last model had them, where it was right.";
    }

    @Override
    public String source() {
        return "Ni et al. 2023 (Mod-X), arXiv 2305.07437";
    }

    @Override
    public Class<Options> optionsType() {
        return Options.class;
    }

    @Override
    public Method create(Clip pretrained, Options options, MethodContext context) {
        var loss = new AlignmentLoss(options.temperature(), options.diagonal(), options.reduction(), options.filter());
        return Tuning.of(pretrained, options.tuning(), context, new Alignment(options.alpha(), loss));
    }
}
