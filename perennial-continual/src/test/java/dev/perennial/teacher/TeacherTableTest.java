package dev.perennial.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TeacherTableTest {
    @TempDir
    Path folder;

    @Test
    void eachTextIsAskedOnceAndItsRowIsFoundAgain() {
        List<Integer> asked = new ArrayList<>();
        var teachers = new RecordedTeachers();
        List<String> texts = List.of("a dog", "a cat", "a bird");
        for (int visit = 0; visit < 2; visit++) {
            try (TeacherTable table = TeacherTable.ofTexts(
                    () -> teachers.text("any"), "any", texts, folder, (count, _) -> asked.add(count))) {
                float[] expected = teachers.text("any").embed(List.of("a bird", "a dog"))[0];
                assertThat(table.width("texts")).isEqualTo(2);
                assertThat(table.rows("texts", new int[] {2, 0})[0]).isEqualTo(expected[0], within(2e-3f));
            }
        }
        assertThat(asked).containsExactly(3);
    }

    @Test
    void otherTextsOrAnotherTeacherGetATableOfTheirOwn() {
        List<Integer> asked = new ArrayList<>();
        for (String teacher : List.of("one", "another")) {
            for (List<String> texts : List.of(List.of("a"), List.of("b"), List.of("a", "b"))) {
                TeacherTable.ofTexts(
                                () -> new RecordedTeachers().text(teacher),
                                teacher,
                                texts,
                                folder,
                                (count, _) -> asked.add(count))
                        .close();
            }
        }
        assertThat(asked).hasSize(6);
    }
}
