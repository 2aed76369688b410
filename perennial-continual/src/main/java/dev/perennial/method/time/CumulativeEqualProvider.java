package dev.perennial.method.time;

import dev.perennial.clip.Clip;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodProvider;
import dev.perennial.method.tune.Tuning;

/** Makes {@code cumulative-equal} known. */
public final class CumulativeEqualProvider implements MethodProvider<ReplayedOptions> {
    @Override
    public String name() {
        return "cumulative-equal";
    }

    @Override
    public String summary() {
        return "TiC-CLIP's Cumulative-Equal: a time step also learns from a memory that all earlier steps share evenly.";
    }

    @Override
    public String source() {
        return "Garg et al. 2024 (TiC-CLIP), arXiv 2310.16226";
    }

    @Override
    public Class<ReplayedOptions> optionsType() {
        return ReplayedOptions.class;
    }

    @Override
    public Method create(Clip pretrained, ReplayedOptions options, MethodContext context) {
        return Tuning.of(
                pretrained,
                options.cumulative().tuning(),
                context,
                new Archive(MemoryShare.EQUAL, options.memory(), options.budgets(), context));
    }
}
