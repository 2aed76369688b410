package dev.perennial.method.moe;

import dev.perennial.clip.Clip;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodProvider;
import dev.perennial.method.Ranges;
import dev.perennial.method.tune.TuningOptions;
import java.util.Optional;

/** Makes {@code moe-adapters} known. */
public final class MoeAdaptersProvider implements MethodProvider<MoeAdaptersProvider.Options> {
    /**
     * The choices.
     *
     * @param experts of a block
     * @param topK experts that a router chooses for a sample
     * @param bottleneck hidden units of an expert
     * @param scale factor on the output of an expert
     * @param dropout share of hidden units that are left out in training, in {@code [0, 1)}
     * @param frozenPerTask experts of a block that are frozen after a task: those chosen most often
     * @param labelSmoothing share of the target spread over all classes, in {@code [0, 1)}
     * @param ddas how it is decided whose experts an image is for
     */
    public record Options(
            int experts,
            int topK,
            int bottleneck,
            double scale,
            double dropout,
            int frozenPerTask,
            double labelSmoothing,
            DdasSettings ddas) {
        /** Checks the ranges. */
        public Options {
            new MixtureSettings(experts, topK, bottleneck, scale, dropout);
            Ranges.atLeast("frozen-per-task", 0, frozenPerTask);
            TuningOptions.requireSmoothing(labelSmoothing);
        }
    }

    @Override
    public String name() {
        return "moe-adapters";
    }

    @Override
    public String summary() {
        return "MoE-Adapters: experts beside a frozen CLIP, a router for each task, and autoencoders that recognise tasks (DDAS).";
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
        var settings = new MoeAdapters.Settings(
                mixture, options.frozenPerTask(), options.labelSmoothing(), Optional.of(options.ddas()));
        return new MoeAdapters(pretrained, settings, context);
    }
}
