package dev.perennial.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.data.Pictures;
import dev.perennial.stream.EvaluationSet;
import dev.perennial.stream.Supervision;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class LabelSpaceTest {
    private static final EvaluationSet LAND = set("land", OptionalInt.of(0), "a photo of {}.", "river", "hill");
    private static final EvaluationSet WATER = set("water", OptionalInt.of(1), "{} from above.", "lake", "river");
    private static final EvaluationSet SKY = set("sky", OptionalInt.of(2), "the {}.", "moon");
    private static final EvaluationSet CONTROL = set("control", OptionalInt.empty(), "{}", "river", "dog");
    private static final List<EvaluationSet> SETS = List.of(LAND, WATER, SKY, CONTROL);

    @Test
    void theTaskAwareProtocolTellsTheTaskAndOffersTheSetsOwnNames() {
        for (EvaluationSet set : SETS) {
            LabelSpace space = LabelSpace.of(Protocol.TASK_AWARE, set, SETS, 2);
            assertThat(space.candidates().classNames()).isEqualTo(names(set));
            assertThat(space.task()).isEqualTo(set.learnedIn());
        }
    }

    @Test
    void thePooledProtocolOffersTheNamesLearnedSoFarEachOnce() {
        LabelSpace space = LabelSpace.of(Protocol.POOLED, WATER, SETS, 2);
        assertThat(space.candidates().classNames()).containsExactly("river", "hill", "lake");
        assertThat(space.positions()).containsExactly(2, 0);
        assertThat(space.task()).isEmpty();
        assertThat(space.candidates().prompts())
                .containsExactly(
                        List.of("a photo of river.", "river from above."),
                        List.of("a photo of hill."),
                        List.of("lake from above."));
        assertThat(LabelSpace.of(Protocol.POOLED, LAND, SETS, 2).positions()).containsExactly(0, 1);
        assertThat(LabelSpace.of(Protocol.POOLED, LAND, SETS, 1).candidates().classNames())
                .containsExactly("river", "hill");
    }

    @Test
    void thePooledProtocolJudgesWhatIsNotLearnedAmongItsOwnNamesWithoutTellingTheTask() {
        for (EvaluationSet set : List.of(SKY, CONTROL)) {
            LabelSpace space = LabelSpace.of(Protocol.POOLED, set, SETS, 2);
            assertThat(space.candidates().classNames()).isEqualTo(names(set));
            assertThat(space.task()).isEmpty();
        }
    }

    @Test
    void theProtocolOverTheWholeStreamKeepsEqualNamesApart() {
        LabelSpace space = LabelSpace.of(Protocol.POOLED_ALL, WATER, SETS, 0);
        assertThat(space.candidates().classNames()).containsExactly("river", "hill", "lake", "river", "moon");
        assertThat(space.positions()).containsExactly(2, 3);
        assertThat(space.task()).isEmpty();
        assertThat(space.candidates().prompts().get(3)).containsExactly("river from above.");
        assertThat(LabelSpace.of(Protocol.POOLED_ALL, CONTROL, SETS, 3)
                        .candidates()
                        .classNames())
                .containsExactly("river", "dog");
    }

    private static EvaluationSet set(String name, OptionalInt learnedIn, String template, String... classes) {
        var labels = new Supervision.Labels(List.of(classes), PromptTemplates.of(template));
        return new EvaluationSet(name, Pictures.ofColours(name, 3, "red"), labels, learnedIn);
    }

    private static List<String> names(EvaluationSet set) {
        return set.supervision() instanceof Supervision.Labels labels ? labels.classNames() : List.of();
    }
}
