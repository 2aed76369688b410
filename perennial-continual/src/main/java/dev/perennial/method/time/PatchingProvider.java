package dev.perennial.method.time;

import dev.perennial.clip.Clip;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodProvider;
import dev.perennial.method.Part;
import dev.perennial.method.Ranges;
import dev.perennial.method.module.ModuleOptions;
import dev.perennial.method.tune.Tuning;
import dev.perennial.method.tune.TuningOptions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes {@code patching} known. */
public final class PatchingProvider implements MethodProvider<PatchingProvider.Options> {
    /**
     * What is held out of each time step, never learned, to choose lambda by.
     *
     * @param share of its samples, in {@code [0, 1]}
     * @param most samples
     */
    public record HeldOut(double share, int most) {
        /** Checks the ranges. */
        public HeldOut {
            Ranges.share("held-out.share", share);
            Ranges.atLeast("held-out.most", 1, most);
        }
    }

    /**
     * The choices.
     *
     * @param train the parts to train
     * @param labelSmoothing share of the target spread over all classes, in {@code [0, 1)}
     * @param modules small parts that are added to the model; none if absent
     * @param lambdas shares of the new weights that are tried, each in {@code [0, 1]}; of equally good ones the first counts
     * @param heldOut what lambda is chosen by
     */
    public record Options(
            Set<Part> train,
            double labelSmoothing,
            Optional<ModuleOptions> modules,
            List<Double> lambdas,
            HeldOut heldOut) {
        /** Checks the ranges. */
        public Options {
            train = new TuningOptions(train, labelSmoothing, Optional.empty(), modules).train();
            lambdas = List.copyOf(lambdas);
            lambdas.forEach(lambda -> Ranges.share("lambdas", lambda));
            if (lambdas.isEmpty()) {
                throw new IllegalArgumentException("lambdas names no share of the new weights to try");
            }
        }

        TuningOptions tuning() {
            return new TuningOptions(train, labelSmoothing, Optional.empty(), modules);
        }
    }

    @Override
    public String name() {
        return "patching";
    }

    @Override
    public String summary() {
        return "Fine-tuning whose weights are mixed with the last ones after each experience, as is best on held-out samples.";
    }

    @Override
    public String source() {
        return "Garg et al. 2024 (TiC-CLIP), arXiv 2310.16226, after Ilharco et al. 2022, arXiv 2208.05592";
    }

    @Override
    public Class<Options> optionsType() {
        return Options.class;
    }

    @Override
    public Method create(Clip pretrained, Options options, MethodContext context) {
        return Tuning.of(pretrained, options.tuning(), context, new Patching(pretrained, options, context));
    }
}
