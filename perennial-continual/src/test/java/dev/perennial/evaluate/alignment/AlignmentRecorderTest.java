package dev.perennial.evaluate.alignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.Clip;
import dev.perennial.clip.TinyClip;
import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.data.BadSamples;
import dev.perennial.data.Pictures;
import dev.perennial.evaluate.EvaluationConfig;
import dev.perennial.evaluate.Evaluator;
import dev.perennial.evaluate.Protocol;
import dev.perennial.method.AdaptedClip;
import dev.perennial.method.PlainClip;
import dev.perennial.stream.EvaluationSet;
import dev.perennial.stream.Supervision;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class AlignmentRecorderTest {
    private static final Preprocessing PREPROCESSING = Preprocessing.openai(TinyClip.IMAGE_SIZE);
    private final List<EvaluationSet> sets = List.of(
            new EvaluationSet(
                    "colours",
                    Pictures.ofColours("colours", 9, "red", "green", "blue"),
                    new Supervision.Labels(List.of("red", "green", "blue"), PromptTemplates.of("a {} picture")),
                    OptionalInt.of(0)),
            new EvaluationSet(
                    "search",
                    Pictures.ofColours("search", 6, "red", "green", "blue"),
                    new Supervision.Captions(List.of("en")),
                    OptionalInt.empty()));

    @Test
    void theModelItselfHasNotMovedAndAgreesWithItself() {
        try (Clip clip = TinyClip.create(1)) {
            AlignmentRecorder recorder = recorder(256);
            recorder.begin(new PlainClip(clip));
            record(recorder, "zero-shot", clip);
            AlignmentRow row = recorder.history().rows().getFirst();
            assertThat(row.after()).isEqualTo("zero-shot");
            assertThat(row.values().keySet()).containsExactly(AlignmentMeasure.values());
            assertThat(row.values().get(AlignmentMeasure.IMAGE_ROTATION)).isCloseTo(0, within(0.05));
            assertThat(row.values().get(AlignmentMeasure.DEVIATION)).isZero();
            assertThat(row.values().get(AlignmentMeasure.AGREEMENT)).isEqualTo(100);
        }
    }

    @Test
    void anotherModelHasTurnedAway() {
        try (Clip clip = TinyClip.create(1);
                Clip other = TinyClip.create(2)) {
            AlignmentRecorder recorder = recorder(256);
            recorder.begin(new PlainClip(clip));
            record(recorder, "zero-shot", clip);
            record(recorder, "first", other);
            AlignmentRow row = recorder.history().after("first").orElseThrow();
            assertThat(row.values().get(AlignmentMeasure.IMAGE_ROTATION)).isGreaterThan(20);
            assertThat(row.values().get(AlignmentMeasure.TEXT_ROTATION)).isGreaterThan(20);
            assertThat(row.values().get(AlignmentMeasure.DEVIATION)).isGreaterThan(1);
            assertThat(row.values().get(AlignmentMeasure.AGREEMENT)).isLessThan(100);
        }
    }

    @Test
    void aRecorderThatGoesOnMeasuresTheSame() {
        try (Clip clip = TinyClip.create(1);
                Clip other = TinyClip.create(2)) {
            AlignmentRecorder calm = recorder(8);
            calm.begin(new PlainClip(clip));
            record(calm, "zero-shot", clip);
            AlignmentRecorder.State state = calm.state();
            record(calm, "first", other);

            AlignmentRecorder resumed = recorder(8);
            resumed.begin(new PlainClip(clip));
            resumed.restore(state);
            record(resumed, "first", other);
            assertThat(resumed.history()).isEqualTo(calm.history());
            assertThat(AlignmentHistory.parse(calm.history().csv())).isEqualTo(calm.history());
        }
    }

    @Test
    void agreementIsLeftOutWhereTheFirstChoicesAreNotKnown() {
        try (Clip clip = TinyClip.create(1)) {
            AlignmentRecorder recorder = recorder(8);
            recorder.begin(new PlainClip(clip));
            recorder.restore(AlignmentRecorder.State.NONE);
            record(recorder, "first", clip);
            assertThat(recorder.history().rows().getFirst().values())
                    .doesNotContainKey(AlignmentMeasure.AGREEMENT)
                    .containsKey(AlignmentMeasure.DEVIATION);
        }
    }

    @Test
    void samplesLieAtEqualDistancesAndEverySetGivesSome() {
        var sample = new AlignmentSample(sets, 6);
        assertThat(sample.positions(sets.get(0))).containsExactly(0, 3, 6);
        assertThat(sample.positions(sets.get(1))).containsExactly(0, 2, 4);
        assertThat(new AlignmentSample(sets, 1).positions(sets.get(1))).containsExactly(0);
        assertThat(new AlignmentSample(sets, 1000).positions(sets.get(1))).hasSize(6);
    }

    @Test
    void nothingIsMeasuredIfNothingIsAskedFor() {
        try (Clip clip = TinyClip.create(1)) {
            AlignmentRecorder recorder = recorder(0);
            recorder.begin(new PlainClip(clip));
            record(recorder, "zero-shot", clip);
            assertThat(recorder.history()).isEqualTo(AlignmentHistory.NONE);
        }
    }

    @Test
    void aDamagedTableIsRefused() {
        assertThatThrownBy(() -> AlignmentHistory.parse("after,gap\nfirst,much\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'much' is not a number");
        assertThatThrownBy(() -> AlignmentHistory.parse("after,gap\nfirst\n")).hasMessageContaining("1 cells");
        assertThatThrownBy(() -> AlignmentHistory.parse("")).hasMessageContaining("first line");
    }

    private AlignmentRecorder recorder(int samples) {
        return new AlignmentRecorder(sets, PREPROCESSING, config(samples));
    }

    private static EvaluationConfig config(int samples) {
        return new EvaluationConfig(Protocol.TASK_AWARE, 4, 1, 0, 0, OptionalInt.of(samples));
    }

    private void record(AlignmentRecorder recorder, String after, Clip clip) {
        AdaptedClip adapted = new PlainClip(clip);
        new Evaluator(PREPROCESSING, config(0), new BadSamples()).evaluate(adapted, sets, 1, recorder::judged);
        recorder.measure(after, adapted);
    }
}
