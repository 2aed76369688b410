package dev.perennial.method.replay;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.perennial.clip.Clip;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodProvider;
import dev.perennial.method.Part;
import dev.perennial.method.module.ModuleOptions;
import dev.perennial.method.tune.TaskLoss;
import dev.perennial.method.tune.Tuning;
import dev.perennial.method.tune.TuningOptions;
import dev.perennial.method.vocabulary.VocabularyOptions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes {@code replay} known. */
public final class ReplayProvider implements MethodProvider<ReplayProvider.Options> {
    /** Which samples are kept. */
    public enum Policy {
        /** Every sample that was ever offered is kept with equal probability (Vitter 1985). */
        @JsonProperty("reservoir")
        RESERVOIR,
        /** Groups are kept as equal in size as can be (class-balancing reservoir sampling, Chrysakis and Moens 2020, algorithm 1). */
        @JsonProperty("class-balanced")
        CLASS_BALANCED
    }

    /**
     * The choices.
     *
     * @param train the parts to train
     * @param labelSmoothing share of the target spread over all classes, in {@code [0, 1)}
     * @param vocabulary how the vocabulary grows with the languages of captions; absent where it stays as it is
     * @param modules small parts that are added to the model; none if absent
     * @param memory samples that are kept of all experiences together
     * @param policy which samples are kept
     * @param batchSize samples that each term draws from the memory
     * @param weight of the loss on remembered samples, at least 0
     * @param darkWeight of the squared distance from remembered answers, at least 0
     */
    public record Options(
            Set<Part> train,
            double labelSmoothing,
            Optional<VocabularyOptions> vocabulary,
            Optional<ModuleOptions> modules,
            int memory,
            Policy policy,
            int batchSize,
            double weight,
            double darkWeight) {
        /** Checks the ranges. */
        public Options {
            train = new TuningOptions(train, labelSmoothing, vocabulary, modules).train();
            new Replay.Settings(weight, darkWeight, batchSize, memory, policy);
        }

        TuningOptions tuning() {
            return new TuningOptions(train, labelSmoothing, vocabulary, modules);
        }

        Replay.Settings replay() {
            return new Replay.Settings(weight, darkWeight, batchSize, memory, policy);
        }
    }

    @Override
    public String name() {
        return "replay";
    }

    @Override
    public String summary() {
        return "Experience replay: every step also learns from a memory, from its labels, from what was once answered, or both.";
    }

    @Override
    public String source() {
        return "Chaudhry et al. 2019 (ER), arXiv 1902.10486; Buzzega et al. 2020 (DER, DER++), arXiv 2004.07211";
    }

    @Override
    public Class<Options> optionsType() {
        return Options.class;
    }

    @Override
    public Method create(Clip pretrained, Options options, MethodContext context) {
        TaskLoss task = Tuning.taskLoss(pretrained, options.tuning(), context);
        var replay = new Replay(pretrained, task, options.replay(), context);
        return new Tuning(pretrained, options.tuning(), context, task, List.of(replay));
    }
}
