package dev.perennial.method.regularize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.Clip;
import dev.perennial.clip.TinyClip;
import dev.perennial.clip.loss.ContrastiveLoss;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.data.Dataset;
import dev.perennial.data.Pictures;
import dev.perennial.method.MethodContext;
import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import dev.perennial.method.TinyContext;
import dev.perennial.method.tune.Starts;
import dev.perennial.method.tune.TaskLoss;
import dev.perennial.stream.Experience;
import dev.perennial.stream.Supervision;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class EwcTest {
    private static final String SCALE = "logit_scale";
    private static final Supervision.Labels LABELS =
            new Supervision.Labels(List.of("red", "green"), PromptTemplates.of("a {} picture"));

    private final MethodContext context = TinyContext.of(4, 1);

    private static Experience experience(int samples) {
        return new Experience(0, "colours", Pictures.ofColours("colours", samples, "red", "green"), LABELS);
    }

    private static SequencedMap<String, Tensor> fisher(
            Clip clip, MethodContext context, Experience experience, int samples, int batchSize) {
        clip.parameters().train(SCALE::equals);
        var task = new TaskLoss(clip, 0, new RandomStream(1));
        return new FisherPass(clip, task, new FisherPass.Settings(samples, batchSize), context).of(experience);
    }

    /** The loss of one image as the logarithm of the scale moves by this much, computed without the engine. */
    private double loss(Clip clip, Dataset dataset, int position, double move) {
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            float[] pixels = context.images()
                    .preprocessing()
                    .apply(dataset.sample(position).image().decode());
            Tensor logits = ContrastiveLoss.logits(
                    clip.encodeImages(Tensors.of(pixels, 1, 3, TinyClip.IMAGE_SIZE, TinyClip.IMAGE_SIZE)),
                    clip.encodeTexts(clip.tokens(TaskLoss.prompts(LABELS))),
                    clip.parameters().get(SCALE));
            float[] scores = Tensors.toFloats(logits);
            double factor = Math.exp(move);
            double sum = Math.exp(scores[0] * factor) + Math.exp(scores[1] * factor);
            return Math.log(sum) - scores[position % 2] * factor;
        }
    }

    private double slope(Clip clip, Dataset dataset, int position) {
        return (loss(clip, dataset, position, 1e-4) - loss(clip, dataset, position, -1e-4)) / 2e-4;
    }

    @Test
    void theFisherNumberOfAWeightIsTheMeanSquareOfItsSlopes() {
        Experience experience = experience(3);
        try (Clip clip = TinyClip.create(4)) {
            double[] slopes = new double[3];
            for (int i = 0; i < 3; i++) {
                slopes[i] = slope(clip, experience.train(), i);
            }
            double each = (slopes[0] * slopes[0] + slopes[1] * slopes[1] + slopes[2] * slopes[2]) / 3;
            double pair = (slopes[0] + slopes[1]) / 2;
            double inPairs = (pair * pair + slopes[2] * slopes[2]) / 2;
            assertThat(number(fisher(clip, context, experience, 0, 1))).isCloseTo(each, within(1e-3 * each));
            assertThat(number(fisher(clip, context, experience, 0, 2))).isCloseTo(inPairs, within(1e-3 * inPairs));
            assertThat(clip.parameters().get(SCALE).grad().defined()).isFalse();
        }
    }

    @Test
    void asManySamplesAreDrawnAsAreAskedFor() {
        Experience experience = experience(3);
        try (Clip clip = TinyClip.create(4)) {
            double one = number(fisher(clip, context, experience, 1, 1));
            assertThat(one)
                    .isIn(IntStream.range(0, 3)
                            .mapToObj(i -> number(fisher(clip, context, single(experience, i), 0, 1)))
                            .toList());
        }
    }

    private static Experience single(Experience experience, int position) {
        return new Experience(0, "one", experience.train().select(new int[] {position}), LABELS);
    }

    @Test
    void thePenaltyWeighsSquaredDistancesByTheFisherNumbers() {
        try (var _ = new TensorScope()) {
            Tensor weight = Tensors.of(new float[] {1, 2}, 2).set_requires_grad(true);
            Tensor penalty = Ewc.penalty(
                    Map.of("w", Tensors.of(new float[] {3, 0.5f}, 2)),
                    Map.of("w", weight, "unknown before", Tensors.of(new float[] {9}, 1)),
                    Map.of("w", Tensors.of(new float[] {0, 4}, 2)));
            penalty.backward();
            assertThat(penalty.item_double()).isCloseTo(3 * 1 + 0.5 * 4, within(1e-6));
            assertThat(Tensors.toFloats(weight.grad())).containsExactly(2 * 3 * 1, 2 * 0.5f * -2);
        }
    }

    @Test
    void theNextExperienceAddsItsNumbersToADecayedSum() {
        try (Clip clip = TinyClip.create(4)) {
            clip.parameters().train(SCALE::equals);
            double first = number(fisher(clip, context, experience(2), 0, 1));
            double second = number(fisher(clip, context, experience(3), 0, 1));
            var task = new TaskLoss(clip, 0, new RandomStream(1));
            try (var ewc = new Ewc(clip, 10, 0.5, new FisherPass(clip, task, new FisherPass.Settings(0, 1), context))) {
                ewc.end(experience(2), Starts.of(clip));
                ewc.end(experience(3), Starts.of(clip));
                var state = new StateWriter();
                ewc.save(state);
                assertThat((double) new StateReader(state.state()).tensor(SCALE).toFloats()[0])
                        .isCloseTo(0.5 * first + second, within(1e-4 * (first + second)));
            }
        }
    }

    private static double number(SequencedMap<String, Tensor> fisher) {
        assertThat(fisher.keySet()).containsExactly(SCALE);
        try (Tensor only = fisher.firstEntry().getValue()) {
            return only.item_double();
        }
    }
}
