package dev.perennial.method.coleclip;

import dev.perennial.clip.Clip;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodProvider;
import dev.perennial.method.Ranges;

/** Makes {@code coleclip} known. */
public final class CoLeClipProvider implements MethodProvider<CoLeClipProvider.Options> {
    /**
     * The choices.
     *
     * @param prompts prompts of a task
     * @param rank of the low-rank updates
     * @param momentum share by which a class embedding moves in a step, in {@code [0, 1]}
     * @param regularization weight of the distance that the embeddings have moved
     * @param negatives when and for which images the classes of earlier tasks are negatives
     */
    public record Options(int prompts, int rank, double momentum, double regularization, Negatives negatives) {
        /** Checks the ranges. */
        public Options {
            Ranges.atLeast("prompts", 1, prompts);
            Ranges.atLeast("rank", 1, rank);
            Ranges.share("momentum", momentum);
            Ranges.notNegative("regularization", regularization);
        }
    }

    /**
     * The second stage of a task.
     *
     * @param after share of the steps before it, in {@code [0, 1]}
     * @param quantile of the energy margins of a batch that an image must exceed, in {@code [0, 1]}
     */
    public record Negatives(double after, double quantile) {
        /** Checks the ranges. */
        public Negatives {
            Ranges.share("negatives.after", after);
            Ranges.share("negatives.quantile", quantile);
        }
    }

    @Override
    public String name() {
        return "coleclip";
    }

    @Override
    public String summary() {
        return "CoLeCLIP: a prompt for each task beside the frozen image tower, and a vocabulary of class embeddings.";
    }

    @Override
    public String source() {
        return "Li et al. 2024, arXiv 2403.10245";
    }

    @Override
    public Class<Options> optionsType() {
        return Options.class;
    }

    @Override
    public Method create(Clip pretrained, Options options, MethodContext context) {
        return new CoLeClip(pretrained, options, context);
    }
}
