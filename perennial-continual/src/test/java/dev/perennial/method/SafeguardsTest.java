package dev.perennial.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.stream.Experience;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for methods that are fine-tuning with something added. */
class SafeguardsTest {
    private static final String[] LIKE_FINE_TUNING = {
        "options.train=[image-tower,text-tower]", "options.label-smoothing=0.1", "training.learning-rate=1e-3"
    };

    /** Settings of each method under which nothing is added. */
    static Stream<Arguments> emptied() {
        String[] distillation = {"options.image-weight=0.0", "options.text-weight=0.0"};
        return Stream.of(
                Arguments.of("lwf", distillation),
                Arguments.of("vr-lwf", distillation),
                Arguments.of("icarl", distillation),
                Arguments.of("zscl", with(distillation, "options.anchor=0.0", "options.average-every=0")),
                Arguments.of("mod-x", new String[] {"options.alpha=0.0", "training.weight-decay=0.0"}),
                Arguments.of("wise-ft", new String[] {"options.alpha=0.0"}),
                Arguments.of("ewc", new String[] {"options.lambda=0.0"}),
                Arguments.of("replay", new String[] {"options.weight=0.0"}));
    }

    private static String[] with(String[] settings, String... further) {
        return Stream.concat(Arrays.stream(settings), Arrays.stream(further)).toArray(String[]::new);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("emptied")
    void withoutItsWeightAMethodIsFineTuningBitForBit(String name, String[] settings) {
        try (MethodSession plain = session("finetune", LIKE_FINE_TUNING);
                MethodSession emptied = session(name, with(LIKE_FINE_TUNING, settings))) {
            for (MethodSession session : List.of(plain, emptied)) {
                session.learn(0, 8, "red", "green");
                session.learn(1, 8, "blue", "white");
            }
            assertSame(emptied.weights(), plain.weights());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lwf", "vr-lwf", "icarl", "zscl", "mod-x", "wise-ft", "ewc", "replay"})
    void withItsWeightAMethodLearnsSomethingElseThanFineTuning(String name) {
        try (MethodSession plain = session("finetune", LIKE_FINE_TUNING);
                MethodSession session = session(name, LIKE_FINE_TUNING)) {
            plain.learn(0, 8, "red", "green");
            plain.learn(1, 8, "blue", "white");
            session.learn(0, 8, "red", "green");
            session.learn(1, 8, "blue", "white");
            assertThat(session.weights().get("visual.conv1.weight"))
                    .isNotEqualTo(plain.weights().get("visual.conv1.weight"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"finetune", "joint", "lwf", "vr-lwf", "zscl", "mod-x", "wise-ft", "ewc", "replay"})
    void captionsAreLearnedAsWellAsClassesAndResumedAfterEveryStep(String name) {
        Experience captions = MethodSession.captioned(1, 7, "blue", "white");
        String[] dark = name.equals("replay") ? new String[] {"options.dark-weight=0.1"} : new String[0];
        try (MethodSession session = session(name, dark)) {
            session.learn(0, 6, "red", "green");
            List<MethodSession.Pause> pauses = session.learnInPauses(captions);
            for (MethodSession.Pause pause : pauses) {
                try (MethodSession other = session(name, dark)) {
                    other.goOn(pause, captions);
                    assertSame(other.learned(), session.learned());
                }
            }
            session.learn(2, 6, "red", "blue");
        }
    }

    @Test
    void exemplarsOfCaptionsAreRefused() {
        try (MethodSession session = session("icarl")) {
            assertThatThrownBy(() -> session.learn(MethodSession.captioned(0, 6, "red")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("captioned 0")
                    .hasMessageContaining("replay");
        }
    }

    @Test
    void aTeacherThatRemembersItsAnswersTeachesLikeOneThatIsAskedAgain() {
        for (String name : List.of("lwf", "vr-lwf", "zscl")) {
            try (MethodSession cached = session(name);
                    MethodSession asked = session(name, "options.cache=false")) {
                for (MethodSession session : List.of(cached, asked)) {
                    session.learn(0, 8, "red", "green");
                    session.learn(1, 8, "blue", "white");
                }
                Map<String, float[]> expected = asked.weights();
                cached.weights()
                        .forEach((weight, values) -> assertThat(values)
                                .as("%s of %s", weight, name)
                                .usingComparatorWithPrecision(1e-5f)
                                .containsExactly(expected.get(weight)));
            }
        }
    }

    @Test
    void theStudentEncodesAsManySentencesAsItIsAskedTo() {
        String[] textOnly = {
            "options.train=[text-tower]",
            "options.anchor=0.0",
            "options.average-every=0",
            "training.learning-rate=1e-3",
            "training.steps=6"
        };
        try (MethodSession repository = session("zscl", textOnly);
                MethodSession own = session("zscl", with(textOnly, "options.student-sentences=3"))) {
            repository.learn(0, 8, "red", "green");
            own.learn(0, 8, "red", "green");
            assertThat(own.weights().get("ln_final.weight"))
                    .as("the loss reaches the text tower")
                    .isNotEqualTo(repository.weights().get("ln_final.weight"));
        }
    }

    @Test
    void aFullInterpolationKeepsThePretrainedModel() {
        for (String towards : List.of("start", "pretrained")) {
            try (MethodSession session = session("wise-ft", "options.alpha=1.0", "options.towards=" + towards)) {
                Map<String, float[]> before = session.weights();
                session.learn(0, 8, "red", "green");
                assertSame(session.weights(), before);
            }
        }
    }

    @Test
    void jointTrainingDrawsFromTheWholeStream() {
        try (MethodSession session = session("joint", "training.steps=12", "training.learning-rate=1e-3")) {
            float[] before = session.logits().getFirst();
            session.learn(0, 6, "red", "green");
            assertThat(session.logits().getFirst()).isNotEqualTo(before);
            assertThat(session.method.save().record().required("places").size()).isEqualTo(2);
            session.method
                    .save()
                    .record()
                    .required("places")
                    .forEach(place -> assertThat(place.required("epoch").asInt()
                                    + place.required("offset").asInt())
                            .as("both experiences are read")
                            .isPositive());
        }
    }

    @Test
    void optionsOutOfRangeAreRefusedByName() {
        assertRefused("zscl", "temperature", "options.temperature=0.0");
        assertRefused("zscl", "anchor", "options.anchor=-1.0");
        assertRefused("zscl", "reference.images", "options.reference.images=null");
        assertRefused("lwf", "image-weight", "options.image-weight=-1.0");
        assertRefused("vr-lwf", "count", "options.count=0");
        assertRefused("wise-ft", "alpha", "options.alpha=1.5");
        assertRefused("ewc", "gamma", "options.gamma=2.0");
        assertRefused("ewc", "fisher-batch-size", "options.fisher-batch-size=0");
        assertRefused("replay", "memory", "options.memory=0");
        assertRefused("icarl", "considered", "options.considered=0");
        assertRefused("mod-x", "alpha", "options.alpha=-2.0");
    }

    private static void assertRefused(String name, String key, String setting) {
        assertThatThrownBy(() -> session(name, setting).close()).as(setting).hasMessageContaining(key);
    }

    private static MethodSession session(String name, String... settings) {
        return MethodSession.of(Methods.find(name).orElseThrow(), 3, settings);
    }

    private static void assertSame(Map<String, float[]> actual, Map<String, float[]> expected) {
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        actual.forEach((name, values) -> assertThat(values).as(name).isEqualTo(expected.get(name)));
    }
}
