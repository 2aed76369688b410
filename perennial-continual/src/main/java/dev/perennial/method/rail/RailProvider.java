package dev.perennial.method.rail;

import dev.perennial.clip.Clip;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodProvider;
import dev.perennial.method.Ranges;

/** Makes {@code rail} known. */
public final class RailProvider implements MethodProvider<RailProvider.Options> {
    /**
     * The choices.
     *
     * @param form which of the two regressions
     * @param primal settings of the primal form
     * @param dual settings of the dual form
     * @param fusion share of the regression in the scores of learned classes, in {@code [0, 1]}
     */
    public record Options(Form form, Primal primal, Dual dual, double fusion) {
        /** Checks the range. */
        public Options {
            Ranges.share("fusion", fusion);
        }
    }

    /**
     * Settings of the primal form.
     *
     * @param hidden units of the random layer; memory grows with its square, 8 bytes each
     * @param ridge added to the diagonal of the Gram matrix
     */
    public record Primal(int hidden, double ridge) {
        /** A Gram matrix above this does not fit one tensor of a checkpoint. */
        private static final int MOST_HIDDEN = 16_000;

        /** Checks the ranges. */
        public Primal {
            if (hidden < 1 || hidden > MOST_HIDDEN) {
                throw new IllegalArgumentException(
                        "primal.hidden must be between 1 and " + MOST_HIDDEN + " but is " + hidden);
            }
            Ranges.positive("primal.ridge", ridge);
        }
    }

    /**
     * Settings of the dual form.
     *
     * @param gamma width of the Gaussian kernel, {@code exp(-gamma |x - x'|^2)}
     * @param ridge added to the diagonal of the kernel matrix
     */
    public record Dual(double gamma, double ridge) {
        /** Checks the ranges. */
        public Dual {
            Ranges.positive("dual.gamma", gamma);
            Ranges.positive("dual.ridge", ridge);
        }
    }

    @Override
    public String name() {
        return "rail";
    }

    @Override
    public String summary() {
        return "RAIL: ridge regression over frozen features in closed form, fused with zero-shot scores; no gradients.";
    }

    @Override
    public String source() {
        return "Xu et al. 2024, arXiv 2406.18868";
    }

    @Override
    public Class<Options> optionsType() {
        return Options.class;
    }

    @Override
    public Method create(Clip pretrained, Options options, MethodContext context) {
        return new Rail(
                pretrained, options, context.random().stream("random layer").nextLong());
    }
}
