package dev.perennial.method.sit;

import dev.perennial.clip.Clip;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodProvider;

/** Makes {@code sit-repository} known. */
public final class SitRepositoryProvider implements MethodProvider<SitOptions> {
    @Override
    public String name() {
        return "sit-repository";
    }

    @Override
    public String summary() {
        return "SIT with what its repository does and its paper does not say: two softmaxes, perturbed LoRA, a memory that ends it.";
    }

    @Override
    public String source() {
        return "Wang et al. 2024 (SIT), arXiv 2405.15155, repository Debatrix/LifeLong-CLIP";
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
