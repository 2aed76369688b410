package dev.perennial.method.distill;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.perennial.clip.Clip;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodProvider;
import dev.perennial.method.Part;
import dev.perennial.method.Ranges;
import dev.perennial.method.module.ModuleOptions;
import dev.perennial.method.tune.Tuning;
import dev.perennial.method.tune.TuningOptions;
import java.util.Optional;
import java.util.Set;

/** Makes {@code vr-lwf} known. */
public final class VrLwfProvider implements MethodProvider<VrLwfProvider.Options> {
    /** What the strings are made of. */
    public enum Strings {
        /** Tokens of the whole vocabulary, start and end token left out. */
        @JsonProperty("tokens")
        TOKENS,
        /** Words that are one token each. */
        @JsonProperty("words")
        WORDS
    }

    /**
     * The choices.
     *
     * @param train the parts to train
     * @param labelSmoothing share of the target spread over all classes, in {@code [0, 1)}
     * @param modules small parts that are added to the model; none if absent
     * @param temperature of the softmaxes, positive
     * @param imageWeight of the distributions of images over sentences, at least 0
     * @param textWeight of the distributions of sentences over images, at least 0
     * @param strings what the strings are made of
     * @param count number of strings, drawn for each experience
     * @param length tokens or words of a string
     * @param teacher whose answers are kept
     * @param target whose distribution is the target
     * @param cache whether the teacher's answers are computed once; without, anew in every step, which is slower and gives the same
     */
    public record Options(
            Set<Part> train,
            double labelSmoothing,
            Optional<ModuleOptions> modules,
            double temperature,
            double imageWeight,
            double textWeight,
            Strings strings,
            int count,
            int length,
            Distillation.Source teacher,
            DistillationLoss.Target target,
            boolean cache) {
        /** Checks the ranges. */
        public Options {
            train = new TuningOptions(train, labelSmoothing, Optional.empty(), modules).train();
            Ranges.atLeast("count", 1, count);
            Ranges.atLeast("length", 1, length);
            new DistillationLoss(temperature, imageWeight, textWeight, target);
        }

        TuningOptions tuning() {
            return new TuningOptions(train, labelSmoothing, Optional.empty(), modules);
        }
    }

    @Override
    public String name() {
        return "vr-lwf";
    }

    @Override
    public String summary() {
        return "Learning without forgetting via replayed vocabulary: the last model teaches the next on random strings.";
    }

    @Override
    public String source() {
        return "Ding et al. 2022, arXiv 2207.09248, as in the repositories of ZSCL and WildCLIP";
    }

    @Override
    public Class<Options> optionsType() {
        return Options.class;
    }

    @Override
    public Method create(Clip pretrained, Options options, MethodContext context) {
        Sentences sentences = switch (options.strings()) {
            case TOKENS -> new Sentences.RandomTokens(options.count(), options.length());
            case WORDS -> new Sentences.RandomWords(options.count(), options.length());
        };
        var design = new Distillation.Design(
                options.teacher(),
                ReferenceImages.ofExperience(),
                sentences,
                0,
                new DistillationLoss(
                        options.temperature(), options.imageWeight(), options.textWeight(), options.target()),
                options.cache());
        return Tuning.of(pretrained, options.tuning(), context, new Distillation(pretrained, design, context));
    }
}
