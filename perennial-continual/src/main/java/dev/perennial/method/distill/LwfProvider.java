package dev.perennial.method.distill;

import dev.perennial.clip.Clip;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodProvider;
import dev.perennial.method.Part;
import dev.perennial.method.Ranges;
import dev.perennial.method.module.ModuleOptions;
import dev.perennial.method.tune.Tuning;
import dev.perennial.method.tune.TuningOptions;
import dev.perennial.method.vocabulary.VocabularyOptions;
import java.util.Optional;
import java.util.Set;

/** Makes {@code lwf} known. */
public final class LwfProvider implements MethodProvider<LwfProvider.Options> {
    /**
     * The choices.
     *
     * @param train the parts to train
     * @param labelSmoothing share of the target spread over all classes, in {@code [0, 1)}
     * @param vocabulary how the vocabulary grows with the languages of captions; absent where it stays as it is
     * @param modules small parts that are added to the model; none if absent
     * @param temperature of the softmaxes, positive
     * @param imageWeight of the distributions of images over sentences, at least 0
     * @param textWeight of the distributions of sentences over images, at least 0
     * @param captions captions, drawn at random, that stand in for class prompts where images have captions
     * @param studentSentences sentences of each step that the student encodes itself, so that the loss reaches its text side; 0 for the
     *     teacher's features on both sides
     * @param cache whether the teacher's answers are computed once; without, anew in every step, which is slower and gives the same
     */
    public record Options(
            Set<Part> train,
            double labelSmoothing,
            Optional<VocabularyOptions> vocabulary,
            Optional<ModuleOptions> modules,
            double temperature,
            double imageWeight,
            double textWeight,
            int captions,
            int studentSentences,
            boolean cache) {
        /** Checks the ranges. */
        public Options {
            train = new TuningOptions(train, labelSmoothing, vocabulary, modules).train();
            Ranges.atLeast("captions", 1, captions);
            Ranges.atLeast("student-sentences", 0, studentSentences);
            new DistillationLoss(temperature, imageWeight, textWeight, DistillationLoss.Target.TEACHER);
        }

        TuningOptions tuning() {
            return new TuningOptions(train, labelSmoothing, vocabulary, modules);
        }

        DistillationLoss loss() {
            return new DistillationLoss(temperature, imageWeight, textWeight, DistillationLoss.Target.TEACHER);
        }
    }

    @Override
    public String name() {
        return "lwf";
    }

    @Override
    public String summary() {
        return "Learning without forgetting: the last model teaches the next on the images and classes being learned.";
    }

    @Override
    public String source() {
        return "Li and Hoiem 2016, arXiv 1606.09282, for CLIP as in Zheng et al. 2023, arXiv 2303.06628";
    }

    @Override
    public Class<Options> optionsType() {
        return Options.class;
    }

    @Override
    public Method create(Clip pretrained, Options options, MethodContext context) {
        var design = new Distillation.Design(
                Distillation.Source.PREVIOUS,
                ReferenceImages.ofExperience(),
                new Sentences.OfExperience(options.captions()),
                options.studentSentences(),
                options.loss(),
                options.cache());
        return Tuning.of(pretrained, options.tuning(), context, new Distillation(pretrained, design, context));
    }
}
