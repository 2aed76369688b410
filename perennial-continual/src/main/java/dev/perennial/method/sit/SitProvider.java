package dev.perennial.method.sit;

import dev.perennial.clip.Clip;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodProvider;

/** Makes {@code sit} known. */
public final class SitProvider implements MethodProvider<SitOptions> {
    @Override
    public String name() {
        return "sit";
    }

    @Override
    public String summary() {
        return "Symmetric image-text tuning of small modules: images are matched with the classes of their batch alone.";
    }

    @Override
    public String source() {
        return "Wang et al. 2024 (SIT), arXiv 2405.15155";
    }

    @Override
    public Class<SitOptions> optionsType() {
        return SitOptions.class;
    }

    @Override
    public Method create(Clip pretrained, SitOptions options, MethodContext context) {
        return options.method(pretrained, context);
    }
}
