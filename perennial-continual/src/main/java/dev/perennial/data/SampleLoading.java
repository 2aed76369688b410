package dev.perennial.data;

import dev.perennial.clip.image.ImageFormatException;
import dev.perennial.clip.image.RgbImage;
import dev.perennial.clip.tensor.RandomStream;
import java.util.function.Function;

/** Reads one sample and does something with its image, telling bad data from faults of the program. */
final class SampleLoading {
    /** A sample that was loaded or found bad. */
    sealed interface Outcome<T> {}

    /** A sample with what was made of its image. */
    record Good<T>(Sample sample, T made) implements Outcome<T> {}

    /** A sample that cannot be used. */
    record Bad<T>(BadSample sample) implements Outcome<T> {}

    private SampleLoading() {}

    static <T> Outcome<T> load(Dataset dataset, int position, Function<RgbImage, T> work) {
        String key = "sample " + position;
        try {
            Sample sample = dataset.sample(position);
            key = sample.key();
            return new Good<>(sample, work.apply(sample.image().decode()));
        } catch (BadSampleException e) {
            return new Bad<>(e.sample());
        } catch (ImageFormatException e) {
            return new Bad<>(new BadSample(dataset.info().title(), key, String.valueOf(e.getMessage())));
        } catch (RuntimeException | Error e) {
            throw new LoaderException(dataset.info().title() + " " + key + ": loading failed (" + e + ")", e);
        }
    }

    /** Returns the random numbers of a sample: they depend on its place alone, never on threads or other samples. */
    static RandomStream random(long seed, BatchSampler.Position place) {
        long mixed = new RandomStream(seed).nextLong();
        mixed = new RandomStream(mixed ^ place.epoch()).nextLong();
        return new RandomStream(new RandomStream(mixed ^ place.offset()).nextLong());
    }
}
