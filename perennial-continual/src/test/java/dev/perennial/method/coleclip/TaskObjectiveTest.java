package dev.perennial.method.coleclip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.method.LearnedClasses;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TaskObjectiveTest {
    private static final double SCALE = 20;
    private static final float NONE = Float.NEGATIVE_INFINITY;

    private TensorScope scope = new TensorScope();

    @BeforeEach
    void openScope() {
        scope.close();
        scope = new TensorScope();
    }

    @AfterEach
    void closeScope() {
        scope.close();
    }

    @Test
    void anEmbeddingMovesATenthOfTheWayAndKeepsLengthOne() {
        Tensor embedding = Tensors.of(new float[] {1, 0}, 1, 2);
        Tensor fused = Vocabulary.fused(embedding, Tensors.of(new float[] {0, 3}, 1, 2));
        float half = (float) Math.sqrt(0.5);
        assertThat(Tensors.toFloats(fused)).containsExactly(new float[] {half, half}, within(1e-6f));
        double x = 0.1 * half + 0.9;
        double y = 0.1 * half;
        double length = Math.hypot(x, y);
        assertThat(Tensors.toFloats(Vocabulary.moved(embedding, fused, 0.1)))
                .containsExactly(new float[] {(float) (x / length), (float) (y / length)}, within(1e-6f));
    }

    @Test
    void negativesAreTheEarlierNamesThatTheTaskDoesNotHaveInOrderOfAppearance() {
        try (TaskObjective objective = objective()) {
            assertThat(objective.negatives()).containsExactly("ant", "cat", "dog");
            assertThat(objective.negativesByTask()).hasSize(2);
            assertThat(objective.negativesByTask().getFirst()).containsExactly(0, 1);
            assertThat(objective.negativesByTask().getLast()).containsExactly(1, 2);
        }
    }

    @Test
    void aClassIsScoredByTheBestViewOfTheTasksThatTaughtItOrByThePlainOne() {
        LearnedClasses learned = learned();
        // The views of three tasks and the plain one have one coordinate each.
        Tensor views = Tensors.of(new float[] {.1f, 0, 0, 0, 0, .2f, 0, 0, 0, 0, .3f, 0, 0, 0, 0, .4f}, 1, 4, 4);
        Tensor ones = Tensors.of(new float[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 3, 4);
        try (PromptScores scores = PromptScores.of(learned, List.of("cat", "fox", "bee"))) {
            assertThat(Tensors.toFloats(scores.of(views, ones, 10)))
                    .containsExactly(new float[] {2, 4, 3}, within(1e-5f));
        }
    }

    @Test
    void imagesBeyondTheQuantileOfTheMarginsGetAnEarlierTasksClassesAsNegatives() {
        // One current class and two negatives of two tasks; the first task's margins are 1, 2, 3 and 4, the second's
        // negative.
        Tensor logits = Tensors.of(new float[] {10, 9, 20, 10, 8, 20, 10, 7, 20, 10, 6, 20}, 4, 3);
        var margin = new EnergyMargin(0.5, 1);
        Tensor mask = margin.mask(logits, 1, List.of(new int[] {0}, new int[] {1}, new int[] {}));
        assertThat(Tensors.toRows(mask))
                .isDeepEqualTo(new float[][] {{NONE, NONE}, {NONE, NONE}, {0, NONE}, {0, NONE}});
        EnergyMargin.Decision decision = margin.decide(margin.energy(logits.narrow(1, 0, 1)), logits.narrow(1, 1, 1));
        assertThat(decision.threshold().item_double()).isCloseTo(2.5, within(1e-5));
    }

    @Test
    void aNegativeOfSeveralTasksMustSuitAllOfThem() {
        Tensor logits = Tensors.of(new float[] {10, 9, 1, 10, 5, 30}, 2, 3);
        Tensor mask = new EnergyMargin(0, 1).mask(logits, 1, List.of(new int[] {0}, new int[] {0, 1}));
        // The second task's energy is above that of the current classes for the second image.
        assertThat(Tensors.toRows(mask)[1]).containsExactly(NONE, NONE);
    }

    @Test
    void whereEveryImageIsRightTheSecondStageLooksAtTheTasksClassesAlone() {
        try (TaskObjective objective = objective()) {
            Tensor classes = axes(0, 1);
            Tensor views = Tensors.normalized(Tensors.of(
                    repeated(new float[][] {{1, .1f, 0, 0, 0, 0}, {.1f, 1, 0, 0, 0, 0}}), 2, 4, 6));
            Tensor labels = Tensors.of(new long[] {0, 1}, 2);
            Tensor negatives = axes(2, 3, 4);
            assertThat(objective.second(views, classes, negatives, labels).item_double())
                    .isCloseTo(objective.first(views, classes, labels).item_double(), within(1e-6));
            Tensor swapped = Tensors.of(new long[] {1, 0}, 2);
            assertThat(objective.second(views, classes, negatives, swapped).item_double())
                    .isGreaterThanOrEqualTo(
                            objective.first(views, classes, swapped).item_double());
        }
    }

    @Test
    void embeddingsThatHaveNotMovedHaveNoDriftAndNoGradient() {
        Tensor start = Tensors.normalized(random(3, 6));
        Tensor still = start.add(Tensors.of(new float[] {1e-8f}, 1)).detach().set_requires_grad(true);
        Tensor drift = TaskObjective.drift(still, start);
        drift.backward();
        assertThat(drift.item_double()).isZero();
        assertThat(Tensors.toFloats(still.grad())).containsOnly(0);
        Tensor moved = Tensors.of(new float[] {3, 4, 0, 0}, 2, 2);
        assertThat(TaskObjective.drift(moved, Tensors.of(new float[4], 2, 2)).item_double())
                .isCloseTo(2.5, within(1e-6));
    }

    private static TaskObjective objective() {
        return TaskObjective.of(learned(), List.of("eel", "bee"), new EnergyMargin(0.7, SCALE));
    }

    private static LearnedClasses learned() {
        var learned = new LearnedClasses();
        learned.append(3, List.of("ant", "bee", "cat"));
        learned.append(4, List.of("cat", "dog"));
        learned.append(5, List.of("eel", "bee"));
        return learned;
    }

    private static Tensor axes(int... axes) {
        float[] rows = new float[axes.length * 6];
        for (int i = 0; i < axes.length; i++) {
            rows[6 * i + axes[i]] = 1;
        }
        return Tensors.of(rows, axes.length, 6);
    }

    /** Four equal views of each image. */
    private static float[] repeated(float[][] images) {
        float[] all = new float[images.length * 4 * 6];
        for (int i = 0; i < images.length; i++) {
            for (int view = 0; view < 4; view++) {
                System.arraycopy(images[i], 0, all, (4 * i + view) * 6, 6);
            }
        }
        return all;
    }

    private static Tensor random(int rows, int columns) {
        var random = new RandomStream(1);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensors.of(values, rows, columns);
    }
}
