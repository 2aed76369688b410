package dev.perennial.method.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.Clip;
import dev.perennial.clip.TinyClip;
import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.data.BadSamples;
import dev.perennial.data.Dataset;
import dev.perennial.data.Pictures;
import dev.perennial.method.Batch;
import dev.perennial.method.Method;
import dev.perennial.method.Part;
import dev.perennial.method.TinyContext;
import dev.perennial.method.tune.TuningOptions;
import dev.perennial.run.TinyTraining;
import dev.perennial.stream.Experience;
import dev.perennial.stream.Supervision;
import dev.perennial.train.StepReport;
import dev.perennial.train.Trainer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BaselinesTest {
    private static final Set<Part> ALL = EnumSet.complementOf(EnumSet.of(Part.MODULES));
    private static final Supervision LABELS =
            new Supervision.Labels(List.of("red", "green", "blue"), PromptTemplates.of("a {} picture", "{}"));
    private static final Supervision CAPTIONS = new Supervision.Captions(List.of("en", "de"));

    @Test
    void fineTuningLearnsClasses() {
        List<StepReport> reports = learn(ALL, LABELS, 40);
        assertThat(reports.getLast().loss()).isLessThan(0.3 * reports.getFirst().loss());
    }

    @Test
    void fineTuningLearnsCaptionsOfAllLanguagesAsked() {
        List<StepReport> reports = learn(ALL, CAPTIONS, 40);
        assertThat(mean(reports.subList(30, 40))).isLessThan(0.9 * mean(reports.subList(0, 5)));
    }

    @ParameterizedTest
    @EnumSource(value = Part.class, names = "MODULES", mode = EnumSource.Mode.EXCLUDE)
    void fineTuningChangesThePartsAskedForAndNoOther(Part part) {
        try (Clip clip = TinyClip.create(1);
                Method method = fineTune(clip.copy(), Set.of(part))) {
            trainer(2, new ArrayList<>()).learn(method, experience(LABELS));
            assertThat(method.save().tensors().keySet()).isNotEmpty().allMatch(name -> Part.of(name) == part);
            assertThat(method.save().tensors().keySet()).hasSize((int) clip.parameters().names().stream()
                    .filter(name -> Part.of(name) == part)
                    .count());
            assertThat(method.save().tensors())
                    .anySatisfy((name, tensor) -> assertThat(tensor.toFloats())
                            .isNotEqualTo(Tensors.toFloats(clip.parameters().get(name))));
        }
    }

    @Test
    void aTrainedLogitScaleStaysBetweenOneAndAHundred() {
        try (Method method = fineTune(TinyClip.create(2), Set.of(Part.LOGIT_SCALE))) {
            trainer(30, new ArrayList<>(), 1.0).learn(method, experience(LABELS));
            method.save()
                    .tensors()
                    .values()
                    .forEach(scale -> assertThat(scale.toFloats()[0]).isBetween(0f, (float) Math.log(100)));
        }
    }

    @Test
    void bothCountTheParametersOfTheModel() {
        long expected = TinyClip.config().parameterCount();
        try (Method frozen = new FrozenProvider()
                        .create(TinyClip.create(3), new FrozenProvider.Options(), TinyContext.of(3, 1));
                Method fineTune = fineTune(TinyClip.create(3), ALL)) {
            assertThat(frozen.parameterCount()).isEqualTo(expected);
            assertThat(fineTune.parameterCount()).isEqualTo(expected);
            assertThat(trainer(1, new ArrayList<>())
                            .learn(frozen, experience(LABELS))
                            .groups())
                    .isEmpty();
            assertThat(trainer(1, new ArrayList<>()).learn(fineTune, experience(LABELS)).groups().stream()
                            .mapToLong(group -> group.parameters())
                            .sum())
                    .isEqualTo(expected);
        }
    }

    @Test
    void theFrozenModelIsNeverAskedForALoss() {
        try (Method frozen =
                new FrozenProvider().create(TinyClip.create(4), new FrozenProvider.Options(), TinyContext.of(4, 1))) {
            assertThatThrownBy(() -> frozen.loss(batch(LABELS))).isInstanceOf(IllegalStateException.class);
            assertThat(frozen.save().tensors()).isEmpty();
        }
    }

    @Test
    void aSampleWithoutACaptionInTheLanguageIsNamed() {
        try (Method method = fineTune(TinyClip.create(5), ALL);
                var _ = new TensorScope()) {
            Batch batch = batch(new Supervision.Captions(List.of("fr")));
            method.begin(batch.experience());
            assertThatThrownBy(() -> method.loss(batch))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("picture 0")
                    .hasMessageContaining("fr");
        }
    }

    @Test
    void optionsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new TuningOptions(Set.of(), 0)).hasMessageContaining("frozen");
        for (double smoothing : new double[] {-0.1, 1, Double.NaN}) {
            assertThatThrownBy(() -> new TuningOptions(ALL, smoothing)).hasMessageContaining("label-smoothing");
        }
    }

    private static List<StepReport> learn(Set<Part> parts, Supervision supervision, int steps) {
        List<StepReport> reports = new ArrayList<>();
        try (Method method = fineTune(TinyClip.create(6), parts)) {
            trainer(steps, reports).learn(method, experience(supervision));
        }
        return reports;
    }

    private static Method fineTune(Clip clip, Set<Part> parts) {
        return new FineTuneProvider().create(clip, new TuningOptions(parts, 0), TinyContext.of(6, 7));
    }

    private static Trainer trainer(int steps, List<StepReport> reports) {
        return trainer(steps, reports, 3e-3);
    }

    private static Trainer trainer(int steps, List<StepReport> reports, double learningRate) {
        var config = TinyTraining.of("{learning-rate: %s, steps: %d, batch-size: 6}".formatted(learningRate, steps));
        var preprocessing = dev.perennial.clip.image.Preprocessing.openai(TinyClip.IMAGE_SIZE);
        return new Trainer(config, preprocessing, new RandomStreams(8), new BadSamples(), reports::add);
    }

    private static Experience experience(Supervision supervision) {
        return new Experience(0, "colours", Pictures.ofColours("colours", 12, "red", "green", "blue"), supervision);
    }

    private static Batch batch(Supervision supervision) {
        Experience experience = experience(supervision);
        Dataset train = experience.train();
        int side = TinyClip.IMAGE_SIZE;
        return new Batch(
                experience,
                IntStream.range(0, 2).mapToObj(train::sample).toList(),
                Tensors.of(new float[2 * 3 * side * side], 2, 3, side, side));
    }

    private static double mean(List<StepReport> reports) {
        return reports.stream().mapToDouble(StepReport::loss).average().orElseThrow();
    }
}
