package dev.perennial.method;

import dev.perennial.clip.Clip;
import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.tensor.Precision;
import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.data.BadSamples;
import dev.perennial.data.BatchSampler;
import dev.perennial.data.Dataset;
import dev.perennial.data.DatasetSpec;
import dev.perennial.data.ImagePreparation;
import dev.perennial.data.Loader;
import dev.perennial.data.LoaderOptions;
import dev.perennial.stream.Experience;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/**
 * What a method may use of its run, besides the batches that it is given.
 *
 * @param random named streams of the run
 * @param pretrained loads the pretrained model once more, for the caller to close: a teacher, or an anchor of the weights
 * @param data opens data beside that of the experience
 * @param images reads and prepares images
 * @param precision number format of matrix products; the trainer sets it around {@link Method#loss}, a method around its own passes
 * @param steps tells how many optimizer steps the trainer takes over an experience of so many samples
 */
public record MethodContext(
        RandomStreams random,
        Supplier<Clip> pretrained,
        DataAccess data,
        Images images,
        Precision precision,
        IntUnaryOperator steps) {
    /** Opens data beside that of the experience that is learned. */
    public interface DataAccess {
        /**
         * Opens the training split of a data set, or all of it where it is not split; the caller closes it.
         *
         * @param spec its path is relative to the configuration
         * @throws dev.perennial.data.DatasetException if the data set cannot be used
         */
        Dataset open(DatasetSpec spec);

        /**
         * Returns all experiences of the stream: past ones for a memory that keeps places in stored data, future ones for an upper
         * bound alone.
         */
        List<Experience> stream();
    }

    /**
     * How images are read and prepared.
     *
     * @param preprocessing what is done to images in evaluation, and in passes of a method over data
     * @param augmentation what is done to images in training
     * @param batchSize samples of a forward pass
     * @param options how files are read
     * @param badSamples where samples that cannot be used are listed
     */
    public record Images(
            Preprocessing preprocessing,
            ImagePreparation augmentation,
            int batchSize,
            LoaderOptions options,
            BadSamples badSamples) {
        /** Returns the batches of a data set from a place of the sampler on, prepared as in evaluation; the caller closes it. */
        public Loader load(Dataset dataset, BatchSampler sampler, BatchSampler.Position from) {
            return new Loader(dataset, sampler, from, (image, _) -> preprocessing.apply(image), options, badSamples);
        }

        /**
         * Returns the same, prepared as in training.
         *
         * @param seed of the random numbers of augmentation
         */
        public Loader loadAugmented(Dataset dataset, BatchSampler sampler, BatchSampler.Position from, long seed) {
            return new Loader(dataset, sampler, from, augmentation, seeded(seed), badSamples);
        }

        private LoaderOptions seeded(long seed) {
            return new LoaderOptions(options.threads(), options.prefetch(), options.maxBadShare(), seed);
        }
    }
}
