package dev.perennial.evaluate.alignment;

import dev.perennial.clip.image.Preprocessing;
import dev.perennial.evaluate.EvaluationConfig;
import dev.perennial.method.AdaptedClip;
import dev.perennial.stream.EvaluationSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** How far the features of a fixed held-out sample have moved from those of the model at the start. */
public final class FeatureDrift {
    private final AlignmentSample sample;
    private final Preprocessing preprocessing;
    private final EvaluationConfig config;
    private final PairedEmbeddings before;

    /**
     * Embeds the sample as the model has it at the start.
     *
     * @param samples images of all sets together, at least one of each
     */
    public FeatureDrift(
            List<EvaluationSet> sets,
            int samples,
            Preprocessing preprocessing,
            EvaluationConfig config,
            AdaptedClip start) {
        this.sample = new AlignmentSample(sets, samples);
        this.preprocessing = preprocessing;
        this.config = config;
        this.before = sample.embed(start, preprocessing, config);
    }

    /**
     * Mean of 1 - cosine between features now and at the start.
     *
     * @param images absent if the sample has none
     * @param texts absent if the sample has none
     */
    public record Drift(OptionalDouble images, OptionalDouble texts) {}

    /** Measures a model. */
    public Drift of(AdaptedClip clip) {
        PairedEmbeddings now = sample.embed(clip, preprocessing, config);
        return new Drift(distance(before.images(), now.images()), distance(before.texts(), now.texts()));
    }

    private static OptionalDouble distance(float[][] before, float[][] now) {
        return IntStream.range(0, now.length)
                .mapToDouble(row -> 1 - product(before[row], now[row]))
                .average();
    }

    private static double product(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += (double) one[i] * other[i];
        }
        return sum;
    }
}
