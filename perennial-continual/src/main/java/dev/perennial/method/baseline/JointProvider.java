package dev.perennial.method.baseline;

import dev.perennial.clip.Clip;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodProvider;
import dev.perennial.method.tune.Tuning;
import dev.perennial.method.tune.TuningOptions;

/** Makes {@code joint} known. */
public final class JointProvider implements MethodProvider<TuningOptions> {
    @Override
    public String name() {
        return "joint";
    }

    @Override
    public String summary() {
        return "Fine-tuning on all data of the stream at once; the upper bound, and no continual learning.";
    }

    @Override
    public String source() {
        return "the usual upper bound, such as in Thengane et al. 2022, arXiv 2210.03114";
    }

    @Override
    public Class<TuningOptions> optionsType() {
        return TuningOptions.class;
    }

    @Override
    public Method create(Clip pretrained, TuningOptions options, MethodContext context) {
        return new Joint(Tuning.of(pretrained, options, context), context);
    }
}
