package dev.perennial.method.baseline;

import dev.perennial.clip.Clip;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodProvider;

/** Makes {@code frozen} known. */
public final class FrozenProvider implements MethodProvider<FrozenProvider.Options> {
    /** There is nothing to choose. */
    public record Options() {}

    @Override
    public String name() {
        return "frozen";
    }

    @Override
    public String summary() {
        return "Continual-CLIP: zero-shot with the names of the classes, no training.";
    }

    @Override
    public String source() {
        return "Thengane et al. 2022, arXiv 2210.03114";
    }

    @Override
    public Class<Options> optionsType() {
        return Options.class;
    }

    @Override
    public Method create(Clip pretrained, Options options, MethodContext context) {
        return new Frozen(pretrained);
    }
}
