package dev.perennial.method.baseline;

import dev.perennial.clip.Clip;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodProvider;
import dev.perennial.method.Part;
import java.util.Set;

/** Makes {@code finetune} known. */
public final class FineTuneProvider implements MethodProvider<FineTuneProvider.Options> {
    /**
     * The choices.
     *
     * @param train the parts to train; the logit scale stays frozen in the published baseline
     * @param labelSmoothing share of the target spread over all classes, in {@code [0, 1)}
     */
    public record Options(Set<Part> train, double labelSmoothing) {
        /** Checks the ranges. */
        public Options {
            train = Set.copyOf(train);
            if (train.isEmpty()) {
                throw new IllegalArgumentException("train names no part; use the method 'frozen' to train nothing");
            }
            if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
                throw new IllegalArgumentException("label-smoothing must be in [0, 1) but is " + labelSmoothing);
            }
        }
    }

    @Override
    public String name() {
        return "finetune";
    }

    @Override
    public String summary() {
        return "Continual fine-tuning of the whole model or chosen parts; the baseline that forgets.";
    }

    @Override
    public String source() {
        return "Zheng et al. 2023 (ZSCL), arXiv 2303.06628";
    }

    @Override
    public Class<Options> optionsType() {
        return Options.class;
    }

    @Override
    public Method create(Clip pretrained, Options options, MethodContext context) {
        return new FineTune(pretrained, options, context.random().stream("captions"));
    }
}
