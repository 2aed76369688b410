package dev.perennial.method.cllclip;

import dev.perennial.clip.Clip;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodProvider;
import dev.perennial.method.Ranges;
import dev.perennial.method.vocabulary.VocabularyOptions;

/** Makes {@code cll-clip} known. */
public final class CllClipProvider implements MethodProvider<CllClipProvider.Options> {
    /**
     * The choices.
     *
     * @param sourceLanguage the language that the pretrained model understands, in which it teaches
     * @param vocabulary how the vocabulary grows
     * @param teir how rows that were used before are held back
     * @param crossLingual weight of the distance from the teacher's features in the source language
     * @param crossModal weight of the contrast with images
     * @param temperature by which cosines are divided when an experience begins; it is learned, between 0.001 and 0.5
     * @param joint whether every experience draws its captions from the whole stream: the upper bound
     */
    public record Options(
            String sourceLanguage,
            VocabularyOptions vocabulary,
            TeirOptions teir,
            double crossLingual,
            double crossModal,
            double temperature,
            boolean joint) {
        /** Checks the ranges. */
        public Options {
            new CaptionLoss(crossLingual, crossModal);
            Ranges.positive("temperature", temperature);
        }
    }

    @Override
    public String name() {
        return "cll-clip";
    }

    @Override
    public String summary() {
        return "CLL-CLIP: languages one after another by new token embeddings, held to the pretrained model's English; with TEIR.";
    }

    @Override
    public String source() {
        return "Yang et al. 2024 (CLL-CLIP, TEIR), arXiv 2401.17186";
    }

    @Override
    public Class<Options> optionsType() {
        return Options.class;
    }

    @Override
    public Method create(Clip pretrained, Options options, MethodContext context) {
        return new CllClip(pretrained, options, context);
    }
}
