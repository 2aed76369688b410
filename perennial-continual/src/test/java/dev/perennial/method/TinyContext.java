package dev.perennial.method;

import dev.perennial.clip.TinyClip;
import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.tensor.Precision;
import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.data.BadSamples;
import dev.perennial.data.Dataset;
import dev.perennial.data.DatasetSpec;
import dev.perennial.data.LoaderOptions;
import dev.perennial.data.Pictures;
import dev.perennial.stream.Experience;
import java.util.List;

/** The context of methods on {@link TinyClip}: every path opens the same few pictures in memory. */
public final class TinyContext {
    /** Steps of every experience. */
    public static final int STEPS = 3;

    private TinyContext() {}

    /** Returns a context with streams of their own. */
    public static MethodContext of(long clipSeed, long seed) {
        return of(clipSeed, new RandomStreams(seed), List.of());
    }

    /**
     * Returns a context with these streams.
     *
     * @param clipSeed of the pretrained model
     * @param stream all experiences
     */
    public static MethodContext of(long clipSeed, RandomStreams random, List<Experience> stream) {
        var preprocessing = Preprocessing.openai(TinyClip.IMAGE_SIZE);
        return new MethodContext(
                random,
                () -> TinyClip.create(clipSeed),
                new Access(stream),
                new MethodContext.Images(
                        preprocessing,
                        (image, _) -> preprocessing.apply(image),
                        4,
                        LoaderOptions.withSeed(0).withThreads(1),
                        new BadSamples()),
                Precision.FLOAT32,
                _ -> STEPS);
    }

    private record Access(List<Experience> stream) implements MethodContext.DataAccess {
        @Override
        public Dataset open(DatasetSpec spec) {
            return Pictures.ofColours(spec.path(), 9, "yellow", "white", "grey");
        }
    }
}
