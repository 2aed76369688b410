package dev.perennial.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.data.Dataset;
import dev.perennial.stream.Experience;
import dev.perennial.train.Trainer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every method must do, whatever it does. */
class MethodContractTest {
    static Stream<Named<MethodProvider<?>>> methods() {
        return Methods.all().stream().map(provider -> Named.of(provider.name(), provider));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void learningLeavesEveryByteOfWhatIsNotTrained(MethodProvider<?> provider) {
        try (MethodSession session = MethodSession.of(provider, 1)) {
            Set<String> trained = trained(provider);
            Map<String, float[]> before = session.weights();
            session.learn(0, 6, "red", "green");
            session.learn(1, 5, "blue", "white", "yellow");
            session.weights().forEach((name, values) -> {
                if (!trained.contains(name)) {
                    assertThat(values).as(name).isEqualTo(before.get(name));
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void whoSaysToLeaveThePretrainedWeightsLeavesEveryByte(MethodProvider<?> provider) {
        try (MethodSession session = MethodSession.of(provider, 1);
                MethodSession other = MethodSession.of(provider, 1)) {
            Map<String, float[]> before = session.pretrainedWeights();
            session.learn(0, 6, "red", "green");
            other.method.restore(session.method.save());
            if (session.method.leavesPretrainedWeights()) {
                assertSame(session.pretrainedWeights(), before);
                assertSame(other.pretrainedWeights(), before);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void aSavedStateGivesTheSameScoresInANewInstance(MethodProvider<?> provider) {
        try (MethodSession session = MethodSession.of(provider, 2);
                MethodSession other = MethodSession.of(provider, 77)) {
            session.learn(0, 6, "red", "green");
            session.learn(1, 6, "blue", "white");
            MethodState state = session.method.save();
            other.method.restore(state);
            assertThat(other.logits()).usingElementComparator(Arrays::compare).isEqualTo(session.logits());
            assertSame(other.learned(), session.learned());
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void stoppingBetweenExperiencesChangesNothing(MethodProvider<?> provider) {
        try (MethodSession session = MethodSession.of(provider, 3)) {
            session.learn(0, 6, "red", "green");
            try (MethodSession resumed = session.resumed(provider)) {
                session.learn(1, 6, "blue", "white");
                resumed.learn(1, 6, "blue", "white");
                assertSame(resumed.learned(), session.learned());
                assertThat(resumed.logits())
                        .usingElementComparator(Arrays::compare)
                        .isEqualTo(session.logits());
            }
        }
    }

    /** Stops after every step of a stream of three experiences, each time goes on in a new instance, and compares the ends. */
    @ParameterizedTest
    @MethodSource("methods")
    void stoppingAfterAnyStepChangesNothing(MethodProvider<?> provider) {
        List<Experience> stream = List.of(
                MethodSession.experience(0, 6, "red", "green"),
                MethodSession.experience(1, 7, "blue", "white", "yellow"),
                MethodSession.experience(2, 5, "grey", "red"));
        try (MethodSession calm = MethodSession.of(provider, 12)) {
            List<List<MethodSession.Pause>> pauses =
                    stream.stream().map(calm::learnInPauses).toList();
            for (Experience stoppedIn : stream) {
                for (MethodSession.Pause pause : pauses.get(stoppedIn.index())) {
                    try (MethodSession resumed = MethodSession.of(provider, 12)) {
                        resumed.goOn(pause, stoppedIn);
                        stream.stream().skip(stoppedIn.index() + 1).forEach(resumed::learn);
                        assertSame(resumed.learned(), calm.learned());
                        assertThat(resumed.logits())
                                .usingElementComparator(Arrays::compare)
                                .isEqualTo(calm.logits());
                        assertThat(resumed.random.state()).isEqualTo(calm.random.state());
                    }
                }
            }
        }
    }

    /** Evaluation at any time asks for the model between two steps. */
    @ParameterizedTest
    @MethodSource("methods")
    void beingAskedForTheModelAfterEveryStepChangesNothing(MethodProvider<?> provider) {
        try (MethodSession calm = MethodSession.of(provider, 13);
                MethodSession asked = MethodSession.of(provider, 13)) {
            for (Experience experience : List.of(
                    MethodSession.experience(0, 6, "red", "green"), MethodSession.experience(1, 5, "blue", "red"))) {
                calm.learn(experience);
                asked.learnAndAsk(experience);
            }
            assertSame(asked.learned(), calm.learned());
            assertThat(asked.logits()).usingElementComparator(Arrays::compare).isEqualTo(calm.logits());
            assertThat(asked.random.state()).isEqualTo(calm.random.state());
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void theTowerOfEveryParameterIsKnown(MethodProvider<?> provider) {
        try (MethodSession session = MethodSession.of(provider, 1)) {
            List<ParameterGroup> groups =
                    switch (session.method.begin(MethodSession.experience(0, 6, "red", "green"))) {
                        case LearningPlan.Nothing _, LearningPlan.Passes _ -> List.of();
                        case LearningPlan.Gradients plan -> plan.groups();
                        case LearningPlan.Examples(List<ParameterGroup> of, Dataset _) -> of;
                    };
            Map<String, Tensor> own = session.clip.parameters().asMap();
            groups.forEach(group -> group.parameters()
                    .forEach((name, tensor) -> own.forEach((official, parameter) -> {
                        if (tensor.is_same(parameter)) {
                            assertThat(session.method.tower(name))
                                    .as(name)
                                    .isEqualTo(
                                            switch (Part.of(official)) {
                                                case MODULES -> Tower.of(official);
                                                case IMAGE_TOWER, IMAGE_PROJECTION -> Optional.of(Tower.IMAGE);
                                                case TEXT_TOWER, TEXT_PROJECTION, TOKEN_EMBEDDING ->
                                                    Optional.of(Tower.TEXT);
                                                case LOGIT_SCALE -> Optional.empty();
                                            });
                        }
                    })));
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void theSameSeedGivesTheSameWeightsBitForBit(MethodProvider<?> provider) {
        try (MethodSession first = MethodSession.of(provider, 4);
                MethodSession second = MethodSession.of(provider, 4)) {
            for (MethodSession session : List.of(first, second)) {
                session.learn(0, 7, "red", "green");
                session.learn(1, 7, "blue", "white");
            }
            assertSame(second.learned(), first.learned());
            assertSame(second.weights(), first.weights());
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void oneSampleOneClassAndMoreSamplesThanAreReadCanBeLearned(MethodProvider<?> provider) {
        try (MethodSession session = MethodSession.of(provider, 5)) {
            session.learn(0, 1, "red", "green");
            session.learn(1, 5, "blue");
            session.learn(2, 100, "white", "yellow");
            session.logits().forEach(scores -> {
                for (float score : scores) {
                    assertThat(score).isFinite();
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void anImageIsScoredAlikeAloneAndAmongOthers(MethodProvider<?> provider) {
        try (MethodSession session = MethodSession.of(provider, 6);
                var _ = new TensorScope()) {
            session.learn(0, 6, "red", "green");
            Tensor pixels = Tensors.of(MethodSession.pixels(4), 4, 3, 16, 16);
            for (OptionalInt task : List.of(OptionalInt.of(0), OptionalInt.empty())) {
                try (ImageClassifier classifier = classifier(session, task)) {
                    float[][] together = Tensors.toRows(classifier.logits(pixels));
                    for (int i = 0; i < 4; i++) {
                        float[] alone = Tensors.toFloats(classifier.logits(pixels.narrow(0, i, 1)));
                        assertThat(together[i]).containsExactly(alone, within(1e-4f));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void aBatchWithoutImagesGivesScoresWithoutRows(MethodProvider<?> provider) {
        try (MethodSession session = MethodSession.of(provider, 7);
                ImageClassifier classifier = classifier(session, OptionalInt.empty());
                var _ = new TensorScope()) {
            Tensor none = Tensors.of(new float[0], 0, 3, 16, 16);
            assertThat(classifier.logits(none).shape()).containsExactly(0, 3);
            assertThat(session.method.adapted().embedImages(none).shape()).containsExactly(0, 8);
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void embeddingsHaveLengthOne(MethodProvider<?> provider) {
        try (MethodSession session = MethodSession.of(provider, 8);
                var _ = new TensorScope()) {
            session.learn(0, 6, "red", "green");
            AdaptedClip adapted = session.method.adapted();
            Tensor images = adapted.embedImages(Tensors.of(MethodSession.pixels(2), 2, 3, 16, 16));
            for (Tensor rows : List.of(images, adapted.embedTexts(List.of("red", "green")))) {
                assertThat(rows.shape()).containsExactly(2, 8);
                assertThat(rows.requires_grad()).isFalse();
                for (float[] row : Tensors.toRows(rows)) {
                    double square = 0;
                    for (float value : row) {
                        square += (double) value * value;
                    }
                    assertThat(square).isCloseTo(1, within(1e-5));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void parametersAreCountedFromTheModelItself(MethodProvider<?> provider) {
        try (MethodSession session = MethodSession.of(provider, 9)) {
            long own = session.clip.parameters().count();
            Trainer.Outcome outcome = session.learn(0, 6, "red", "green");
            long trained = outcome.groups().stream()
                    .mapToLong(group -> group.parameters())
                    .sum();
            Set<String> ownTrained = trained(provider);
            long added = trained
                    - session.clip.parameters().asMap().entrySet().stream()
                            .filter(parameter -> ownTrained.contains(parameter.getKey()))
                            .mapToLong(parameter -> parameter.getValue().numel())
                            .sum();
            assertThat(added).isNotNegative();
            assertThat(session.method.parameterCount()).isGreaterThanOrEqualTo(own + added);
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void nothingNativeIsLeftWhenTheMethodIsClosed(MethodProvider<?> provider) {
        life(provider); // what is made once for the whole process does not count
        long base = TensorScope.liveObjects();
        for (int i = 0; i < 3; i++) {
            life(provider);
            assertThat(TensorScope.liveObjects()).isLessThanOrEqualTo(base);
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void learningAndScoringAgainAndAgainKeepsTheSameAmountOfNativeMemory(MethodProvider<?> provider) {
        try (MethodSession session = MethodSession.of(provider, 10)) {
            session.learn(0, 6, "red", "green");
            session.logits();
            long base = TensorScope.liveObjects();
            for (int i = 0; i < 5; i++) {
                session.logits();
                session.method.save();
                assertThat(TensorScope.liveObjects()).isLessThanOrEqualTo(base);
            }
        }
    }

    private static void life(MethodProvider<?> provider) {
        try (MethodSession session = MethodSession.of(provider, 11)) {
            session.learn(0, 6, "red", "green");
            session.logits();
            session.method.restore(session.method.save());
        }
    }

    private static ImageClassifier classifier(MethodSession session, OptionalInt task) {
        return session.method
                .adapted()
                .classifier(new Candidates(List.of("red", "green", "blue"), PromptTemplates.of("{}", "a {}")), task);
    }

    /** Returns the names of the model's own parameters that a plan trains. */
    private static Set<String> trained(MethodProvider<?> provider) {
        try (MethodSession session = MethodSession.of(provider, 1)) {
            return switch (session.method.begin(MethodSession.experience(0, 6, "red", "green"))) {
                case LearningPlan.Nothing _, LearningPlan.Passes _ -> Set.of();
                case LearningPlan.Gradients plan -> trained(session, plan.groups());
                case LearningPlan.Examples(List<ParameterGroup> groups, Dataset _) -> trained(session, groups);
            };
        }
    }

    private static Set<String> trained(MethodSession session, List<ParameterGroup> groups) {
        return session.clip.parameters().asMap().entrySet().stream()
                .filter(own -> groups.stream()
                        .flatMap(group -> group.parameters().values().stream())
                        .anyMatch(tensor -> tensor.is_same(own.getValue())))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static void assertSame(Map<String, float[]> actual, Map<String, float[]> expected) {
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        actual.forEach((name, values) -> assertThat(values).as(name).isEqualTo(expected.get(name)));
    }
}
