package dev.perennial.method.time;

import dev.perennial.clip.Clip;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodProvider;
import dev.perennial.method.tune.Tuning;
import java.util.Optional;

/** Makes {@code cumulative-all} known. */
public final class CumulativeAllProvider implements MethodProvider<CumulativeOptions> {
    @Override
    public String name() {
        return "cumulative-all";
    }

    @Override
    public String summary() {
        return "TiC-CLIP's Cumulative-All: every time step learns from all data so far, starting from the last weights.";
    }

    @Override
    public String source() {
        return "Garg et al. 2024 (TiC-CLIP), arXiv 2310.16226";
    }

    @Override
    public Class<CumulativeOptions> optionsType() {
        return CumulativeOptions.class;
    }

    @Override
    public Method create(Clip pretrained, CumulativeOptions options, MethodContext context) {
        // What is kept of everything needs no size.
        var memory = new ReplayMemory(Optional.of(0L), Optional.empty(), Optional.empty());
        return Tuning.of(
                pretrained,
                options.tuning(),
                context,
                new Archive(MemoryShare.ALL, memory, options.budgets(), context));
    }
}
