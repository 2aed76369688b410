package dev.perennial.method.baseline;

import dev.perennial.clip.Clip;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodProvider;
import dev.perennial.method.tune.Tuning;
import dev.perennial.method.tune.TuningOptions;

/** Makes {@code finetune} known. */
public final class FineTuneProvider implements MethodProvider<TuningOptions> {
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
    public Class<TuningOptions> optionsType() {
        return TuningOptions.class;
    }

    @Override
    public Method create(Clip pretrained, TuningOptions options, MethodContext context) {
        return Tuning.of(pretrained, options, context);
    }
}
