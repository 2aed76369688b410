package dev.perennial.method.regularize;

import dev.perennial.clip.Clip;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodProvider;
import dev.perennial.method.Part;
import dev.perennial.method.Ranges;
import dev.perennial.method.module.ModuleOptions;
import dev.perennial.method.tune.TaskLoss;
import dev.perennial.method.tune.Tuning;
import dev.perennial.method.tune.TuningOptions;
import dev.perennial.method.vocabulary.VocabularyOptions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes {@code ewc} known. */
public final class EwcProvider implements MethodProvider<EwcProvider.Options> {
    /**
     * The choices.
     *
     * @param train the parts to train
     * @param labelSmoothing share of the target spread over all classes, in {@code [0, 1)}
     * @param vocabulary how the vocabulary grows with the languages of captions; absent where it stays as it is
     * @param modules small parts that are added to the model; none if absent
     * @param lambda weight of the penalty, at least 0
     * @param gamma share of the earlier Fisher matrix that is kept when an experience adds its own, in {@code [0, 1]}
     * @param fisherSamples largest number of samples of an experience that its Fisher matrix is estimated from; 0 for all
     * @param fisherBatchSize samples whose gradients are averaged before they are squared; 1 for the empirical Fisher matrix
     */
    public record Options(
            Set<Part> train,
            double labelSmoothing,
            Optional<VocabularyOptions> vocabulary,
            Optional<ModuleOptions> modules,
            double lambda,
            double gamma,
            int fisherSamples,
            int fisherBatchSize) {
        /** Checks the ranges. */
        public Options {
            train = new TuningOptions(train, labelSmoothing, vocabulary, modules).train();
            Ranges.notNegative("lambda", lambda);
            Ranges.share("gamma", gamma);
            new FisherPass.Settings(fisherSamples, fisherBatchSize);
        }

        TuningOptions tuning() {
            return new TuningOptions(train, labelSmoothing, vocabulary, modules);
        }

        FisherPass.Settings fisher() {
            return new FisherPass.Settings(fisherSamples, fisherBatchSize);
        }
    }

    @Override
    public String name() {
        return "ewc";
    }

    @Override
    public String summary() {
        return "Online elastic weight consolidation: weights that mattered for earlier experiences are held back.";
    }

    @Override
    public String source() {
        return "Kirkpatrick et al. 2017, arXiv 1612.00796; online: Schwarz et al. 2018, arXiv 1805.06370";
    }

    @Override
    public Class<Options> optionsType() {
        return Options.class;
    }

    @Override
    public Method create(Clip pretrained, Options options, MethodContext context) {
        TaskLoss task = Tuning.taskLoss(pretrained, options.tuning(), context);
        var pass = new FisherPass(pretrained, task, options.fisher(), context);
        return new Tuning(
                pretrained,
                options.tuning(),
                context,
                task,
                List.of(new Ewc(pretrained, options.lambda(), options.gamma(), pass)));
    }
}
