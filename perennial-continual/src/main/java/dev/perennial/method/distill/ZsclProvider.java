package dev.perennial.method.distill;

import dev.perennial.clip.Clip;
import dev.perennial.data.DatasetSpec;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodProvider;
import dev.perennial.method.Part;
import dev.perennial.method.Ranges;
import dev.perennial.method.module.ModuleOptions;
import dev.perennial.method.regularize.AnchorPenalty;
import dev.perennial.method.regularize.Pull;
import dev.perennial.method.regularize.WeightAverage;
import dev.perennial.method.tune.Tuning;
import dev.perennial.method.tune.TuningOptions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes {@code zscl} known. */
public final class ZsclProvider implements MethodProvider<ZsclProvider.Options> {
    /**
     * What is distilled on: any diverse images and sentences, which need neither be labelled nor belong together.
     *
     * @param images a data set, of which the training split is used
     * @param captions a data set whose captions, or class prompts where it has none, are the sentences; that of the images if absent
     * @param languages of the captions
     */
    public record Reference(DatasetSpec images, Optional<DatasetSpec> captions, List<String> languages) {
        /** Keeps an unchangeable copy of the languages. */
        public Reference {
            languages = List.copyOf(languages);
        }
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
     * @param studentSentences sentences of each step that the student encodes itself; 0 for the teacher's features on both sides
     * @param anchor weight of the squared distance of all weights from the start of the experience, at least 0
     * @param averageEvery steps from one snapshot of the weight ensemble to the next; 0 for none
     * @param averageKept share of the ensemble that is kept when it is pulled to the start after a snapshot; 1 for no pull
     * @param pullKept share of the student's own weights that is kept when they are pulled to the start at each snapshot; 1 for no pull
     * @param reference what is distilled on
     * @param cache whether the teacher's answers are computed once; without, anew in every step, which is slower and gives the same
     */
    public record Options(
            Set<Part> train,
            double labelSmoothing,
            Optional<ModuleOptions> modules,
            double temperature,
            double imageWeight,
            double textWeight,
            int studentSentences,
            double anchor,
            int averageEvery,
            double averageKept,
            double pullKept,
            Reference reference,
            boolean cache) {
        /** Checks the ranges. */
        public Options {
            train = new TuningOptions(train, labelSmoothing, Optional.empty(), modules).train();
            Ranges.atLeast("student-sentences", 0, studentSentences);
            Ranges.notNegative("anchor", anchor);
            new WeightAverage.Settings(averageEvery, averageKept);
            Ranges.share("pull-kept", pullKept);
            if (pullKept < 1 && averageEvery == 0) {
                throw new IllegalArgumentException("pull-kept below 1 needs average-every, which says when to pull");
            }
            new DistillationLoss(temperature, imageWeight, textWeight, DistillationLoss.Target.TEACHER);
        }

        TuningOptions tuning() {
            return new TuningOptions(train, labelSmoothing, Optional.empty(), modules);
        }

        DistillationLoss loss() {
            return new DistillationLoss(temperature, imageWeight, textWeight, DistillationLoss.Target.TEACHER);
        }
    }

    @Override
    public String name() {
        return "zscl";
    }

    @Override
    public String summary() {
        return "ZSCL: the pretrained model teaches on reference images and captions; weights are anchored and averaged.";
    }

    @Override
    public String source() {
        return "Zheng et al. 2023 (ZSCL), arXiv 2303.06628";
    }

    @Override
    public Class<Options> optionsType() {
        return Options.class;
    }

    @Override
    public Method create(Clip pretrained, Options options, MethodContext context) {
        Reference reference = options.reference();
        var design = new Distillation.Design(
                Distillation.Source.ORIGINAL,
                ReferenceImages.ofDataset(reference.images(), context.data()),
                new Sentences.OfDataset(reference.captions().orElse(reference.images()), reference.languages()),
                options.studentSentences(),
                options.loss(),
                options.cache());
        return Tuning.of(
                pretrained,
                options.tuning(),
                context,
                new AnchorPenalty(pretrained, options.anchor()),
                new Distillation(pretrained, design, context),
                new Pull(pretrained, Math.max(1, options.averageEvery()), options.pullKept()),
                new WeightAverage(
                        pretrained, new WeightAverage.Settings(options.averageEvery(), options.averageKept())));
    }
}
