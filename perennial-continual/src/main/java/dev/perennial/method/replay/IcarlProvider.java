package dev.perennial.method.replay;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.perennial.clip.Clip;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodProvider;
import dev.perennial.method.Part;
import dev.perennial.method.distill.Distillation;
import dev.perennial.method.distill.DistillationLoss;
import dev.perennial.method.distill.Sentences;
import dev.perennial.method.module.ModuleOptions;
import dev.perennial.method.tune.Tuning;
import dev.perennial.method.tune.TuningOptions;
import java.util.Optional;
import java.util.Set;

/** Makes {@code icarl} known. */
public final class IcarlProvider implements MethodProvider<IcarlProvider.Options> {
    /** Over what the mean is taken that exemplars are to match. */
    public enum Herding {
        /** All images of the experience, as in ZSCL's repository. */
        @JsonProperty("experience")
        EXPERIENCE,
        /** The images of each class, as in the paper. */
        @JsonProperty("class")
        CLASS
    }

    /**
     * The choices.
     *
     * @param train the parts to train
     * @param labelSmoothing share of the target spread over all classes, in {@code [0, 1)}
     * @param modules small parts that are added to the model; none if absent
     * @param memory exemplars of all experiences together
     * @param considered largest number of images of an experience to choose exemplars from
     * @param herding over what the mean is taken that exemplars are to match
     * @param temperature of the softmaxes, positive
     * @param imageWeight of the distributions of exemplars over class prompts, at least 0
     * @param textWeight of the distributions of class prompts over exemplars, at least 0
     * @param teacher whose answers are kept
     * @param cache whether the teacher's answers are computed once for each experience
     */
    public record Options(
            Set<Part> train,
            double labelSmoothing,
            Optional<ModuleOptions> modules,
            int memory,
            int considered,
            Herding herding,
            double temperature,
            double imageWeight,
            double textWeight,
            Distillation.Source teacher,
            boolean cache) {
        /** Checks the ranges. */
        public Options {
            train = new TuningOptions(train, labelSmoothing, Optional.empty(), modules).train();
            new Exemplars.Settings(memory, considered, herding);
            new DistillationLoss(temperature, imageWeight, textWeight, DistillationLoss.Target.TEACHER);
        }

        TuningOptions tuning() {
            return new TuningOptions(train, labelSmoothing, Optional.empty(), modules);
        }

        Exemplars.Settings exemplars() {
            return new Exemplars.Settings(memory, considered, herding);
        }

        DistillationLoss loss() {
            return new DistillationLoss(temperature, imageWeight, textWeight, DistillationLoss.Target.TEACHER);
        }
    }

    @Override
    public String name() {
        return "icarl";
    }

    @Override
    public String summary() {
        return "iCaRL for CLIP: the pretrained model teaches on exemplars of earlier experiences, chosen by herding.";
    }

    @Override
    public String source() {
        return "Rebuffi et al. 2017 (iCaRL), arXiv 1611.07725, for CLIP as in Zheng et al. 2023, arXiv 2303.06628";
    }

    @Override
    public Class<Options> optionsType() {
        return Options.class;
    }

    @Override
    public Method create(Clip pretrained, Options options, MethodContext context) {
        var exemplars = new Exemplars(pretrained, options.exemplars(), context);
        var design = new Distillation.Design(
                options.teacher(), exemplars, new Sentences.OfExperience(1), 0, options.loss(), options.cache());
        return Tuning.of(
                pretrained, options.tuning(), context, exemplars, new Distillation(pretrained, design, context));
    }
}
