package dev.perennial.clip.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenCasesTest {
    private static final String PROPERTY = "perennial.golden";
    private String before = "";

    @TempDir
    Path folder;

    @BeforeEach
    void rememberTheProperty() {
        before = System.getProperty(PROPERTY, "");
        System.setProperty(PROPERTY, "");
    }

    @AfterEach
    void restoreTheProperty() {
        System.setProperty(PROPERTY, before);
    }

    @Test
    void bundledCasesAreFoundByKind() {
        assertThat(GoldenCases.ofKind("clip-forward"))
                .extracting(GoldenCase::name)
                .contains("clip-forward-a", "clip-forward-gelu", "clip-forward-rn")
                .doesNotContain("clip-losses");
        GoldenCase losses = GoldenCases.ofKind("clip-losses").findFirst().orElseThrow();
        assertThat(losses.config().required("batch").asInt()).isEqualTo(7);
        assertThat(losses.tensor("input.image").shape()).containsExactly(7, 12);
        assertThat(losses.names("input."))
                .containsExactly("input.image", "input.teacher_image", "input.teacher_text", "input.text");
        assertThat(losses.has("input.nothing")).isFalse();
        assertThat(losses.tolerance("loss_abs")).isEqualTo(2e-5);
        assertThat(losses.tolerance("other", 3)).isEqualTo(3);
    }

    @Test
    void casesOfAnotherFolderAreFoundByNameAndByTheStatedCase() throws IOException {
        Path original =
                GoldenCases.ofKind("clip-losses").findFirst().orElseThrow().folder();
        copy(original, folder.resolve("clip-losses-7"));
        copy(original, folder.resolve("seed7"));
        System.setProperty(PROPERTY, folder.toString());
        assertThat(GoldenCases.ofKind("clip-losses"))
                .extracting(GoldenCase::name)
                .containsExactly("clip-losses-7", "seed7");
        assertThat(GoldenCases.ofKind("clip")).hasSize(2);
        assertThat(GoldenCases.ofKind("mod-x")).isEmpty();
    }

    @Test
    void aMatchingFolderThatCannotBeReadFails() throws IOException {
        Files.createDirectory(folder.resolve("mod-x"));
        System.setProperty(PROPERTY, folder.toString());
        assertThatThrownBy(() -> GoldenCases.ofKind("mod-x")).hasMessageContaining("mod-x");
        System.setProperty(PROPERTY, folder.resolve("nowhere").toString());
        assertThatThrownBy(() -> GoldenCases.ofKind("mod-x")).hasMessageContaining("nowhere");
    }

    @Test
    void aBundledKindThatIsMissingFails() {
        assertThatThrownBy(() -> GoldenCases.ofKind("no-such-kind")).hasMessageContaining("no-such-kind");
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        for (String file : new String[] {"case.json", "tensors.safetensors"}) {
            Files.copy(from.resolve(file), to.resolve(file));
        }
    }
}
