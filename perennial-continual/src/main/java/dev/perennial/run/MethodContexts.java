package dev.perennial.run;

import dev.perennial.clip.Clip;
import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.data.BadSamples;
import dev.perennial.data.Dataset;
import dev.perennial.data.DatasetSpec;
import dev.perennial.data.Datasets;
import dev.perennial.data.LoaderOptions;
import dev.perennial.method.MethodContext;
import dev.perennial.stream.Experience;
import dev.perennial.stream.ExperienceStream;
import dev.perennial.train.TrainingConfig;
import java.nio.file.Path;
import java.util.List;

/** Gives methods what they may use of a run. */
final class MethodContexts {
    private MethodContexts() {}

    /** Returns the context of a run that learns a stream, starting from a model. */
    static MethodContext learning(
            RunConfig.Resolved resolved,
            PretrainedModel model,
            ExperienceStream stream,
            Path cacheFolder,
            RandomStreams random,
            BadSamples badSamples) {
        TrainingConfig training =
                resolved.config().training().forModel(model.clip().config().macs());
        return new MethodContext(
                random,
                () -> Clip.load(model.path()),
                new RunData(resolved.baseFolder(), cacheFolder, told(stream)),
                images(training, model.clip().preprocessing(), badSamples),
                training.precision(),
                training::stepsFor);
    }

    /** Nothing of an online stream is told before it comes. */
    private static List<Experience> told(ExperienceStream stream) {
        return stream.arrivals().map(arrivals -> List.of(arrivals.told())).orElse(stream.experiences());
    }

    /** Returns the context of a model in use, which learns nothing more and so has no data. */
    static MethodContext use(long seed, TrainingConfig training, Preprocessing preprocessing) {
        return new MethodContext(
                new RandomStreams(seed),
                () -> {
                    throw new IllegalStateException("a model in use does not load its pretrained model again");
                },
                new NoData(),
                images(training, preprocessing, new BadSamples()),
                training.precision(),
                training::stepsFor);
    }

    private static MethodContext.Images images(
            TrainingConfig training, Preprocessing preprocessing, BadSamples badSamples) {
        return new MethodContext.Images(
                preprocessing,
                training.augmentation().preparation(preprocessing),
                training.batchSize(),
                // Passes over data draw no random numbers.
                LoaderOptions.withSeed(0).withThreads(training.threads()).withMaxBadShare(training.maxBadShare()),
                badSamples);
    }

    private record RunData(Path baseFolder, Path cacheFolder, List<Experience> stream)
            implements MethodContext.DataAccess {
        @Override
        public Dataset open(DatasetSpec spec) {
            List<String> splits = Datasets.splits(spec, baseFolder, cacheFolder);
            return Datasets.open(spec, baseFolder, splits.isEmpty() ? "" : Datasets.TRAIN, cacheFolder);
        }
    }

    private record NoData() implements MethodContext.DataAccess {
        @Override
        public Dataset open(DatasetSpec spec) {
            throw new IllegalStateException("a model in use opens no data");
        }

        @Override
        public List<Experience> stream() {
            throw new IllegalStateException("a model in use has no stream");
        }
    }
}
