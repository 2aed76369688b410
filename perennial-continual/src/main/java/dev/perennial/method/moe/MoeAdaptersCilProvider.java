package dev.perennial.method.moe;

import dev.perennial.clip.Clip;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodProvider;
import dev.perennial.method.tune.TuningOptions;
import java.util.Optional;

/** Makes {@code moe-adapters-cil} known, the variant for class increments: one router for all, nothing frozen, nothing recognised. */
public final class MoeAdaptersCilProvider implements MethodProvider<MoeAdaptersCilProvider.Options> {
    /**
     * The choices.
     *
     * @param experts of a block
     * @param topK experts that the router chooses for a sample
     * @param bottleneck hidden units of an expert
     * @param scale factor on the output of an expert
     * @param dropout share of hidden units that are left out in training, in {@code [0, 1)}
     * @param labelSmoothing share of the target spread over all classes, in {@code [0, 1)}
     */
    public record Options(int experts, int topK, int bottleneck, double scale, double dropout, double labelSmoothing) {
        /** Checks the ranges. */
        public Options {
            new MixtureSettings(experts, topK, bottleneck, scale, dropout);
            TuningOptions.requireSmoothing(labelSmoothing);
        }
    }

    @Override
    public String name() {
        return "moe-adapters-cil";
    }

    @Override
    public String summary() {
        return "MoE-Adapters for class increments: two experts beside a frozen CLIP, weighted by one router for all tasks.";
    }

    @Override
    public String source() {
        return "Yu et al. 2024, arXiv 2403.11549";
    }

    @Override
    public Class<Options> optionsType() {
        return Options.class;
    }

    @Override
    public Method create(Clip pretrained, Options options, MethodContext context) {
        var mixture = new MixtureSettings(
                options.experts(), options.topK(), options.bottleneck(), options.scale(), options.dropout());
        return new MoeAdapters(
                pretrained, new MoeAdapters.Settings(mixture, 0, options.labelSmoothing(), Optional.empty()), context);
    }
}
