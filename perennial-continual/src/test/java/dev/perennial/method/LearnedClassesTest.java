package dev.perennial.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class LearnedClassesTest {
    private static final OptionalInt NONE = OptionalInt.empty();

    private final LearnedClasses learned = new LearnedClasses();

    LearnedClassesTest() {
        learned.append(0, List.of("rose", "lily"));
        learned.append(2, List.of("crab", "rose"));
    }

    @Test
    void allThatTaughtANameSpeakForItWhereItIsACandidateOnce() {
        assertThat(learned.places(List.of("rose", "fox", "crab")))
                .containsExactly(OptionalInt.of(0), NONE, OptionalInt.of(2), OptionalInt.of(0));
    }

    @Test
    void classesOfOneNameThatAreKeptApartBelongToTheExperiencesInTurn() {
        assertThat(learned.places(List.of("rose", "lily", "crab", "rose", "rose")))
                .containsExactly(OptionalInt.of(0), OptionalInt.of(1), OptionalInt.of(2), OptionalInt.of(3));
        learned.append(3, List.of("lily"));
        learned.append(4, List.of("lily"));
        assertThat(learned.places(List.of("lily", "lily")))
                .containsExactly(NONE, OptionalInt.of(0), NONE, NONE, OptionalInt.of(1), NONE);
    }

    @Test
    void entriesComeBackAsTheyWereSaved() {
        var again = new LearnedClasses();
        again.append(5, List.of("overwritten"));
        again.restore(learned.save());
        assertThat(again.entries()).isEqualTo(learned.entries());
    }
}
