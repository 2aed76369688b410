package dev.perennial.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code perennial blind-pairs}. */
class BlindPairsCommandTest {
    @TempDir
    Path folder;

    private Path first = Path.of("");
    private Path second = Path.of("");

    @BeforeEach
    void makeModelsAndImages() {
        first = TinyFiles.model(folder.resolve("first"), 1);
        second = TinyFiles.model(folder.resolve("second"), 2);
        TinyFiles.dataset(folder.resolve("pets"));
    }

    @Test
    void pairsAreListedWithAContactSheet() throws IOException {
        Outcome outcome = Outcome.of(
                        "blind-pairs",
                        "-m",
                        first,
                        "--second",
                        second,
                        "--data",
                        folder.resolve("pets"),
                        "--shares",
                        "0.5,0.9",
                        "--most",
                        5,
                        "-o",
                        folder.resolve("blind"))
                .assertDone();
        assertThat(outcome.out()).contains("8 images, ", "contact sheet: ");
        assertThat(Files.readAllLines(folder.resolve("blind/pairs.csv")))
                .hasSizeBetween(2, 6)
                .first()
                .isEqualTo("first,second,cosine,second-cosine");
        assertThat(folder.resolve("blind/contact-sheet.html"))
                .content()
                .contains("class=\"pair\"", "data:image/png;base64,", "cat/");
    }

    @Test
    void embeddingsMadeElsewhereAreMatchedByTheNamesOfTheirImages() {
        Path pets = folder.resolve("pets/test/cat");
        Outcome.of("embed", "-m", second, "--images", pets, "-o", folder.resolve("other.safetensors"))
                .assertDone();
        Outcome outcome = Outcome.of(
                        "blind-pairs",
                        "-m",
                        first,
                        "--second-embeddings",
                        folder.resolve("other.safetensors"),
                        "--images",
                        pets,
                        "--above",
                        "-1",
                        "--below",
                        "1",
                        "-o",
                        folder.resolve("blind"))
                .assertDone();
        assertThat(outcome.out()).contains("4 images, 6 pairs above -1.000");
    }

    @Test
    void wrongSharesAreRefused() {
        Outcome.of(
                        "blind-pairs",
                        "-m",
                        first,
                        "--second",
                        second,
                        "--images",
                        folder.resolve("pets"),
                        "--shares",
                        "2,0.5",
                        "-o",
                        folder.resolve("blind"))
                .assertFailed(2, "between 0 and 1");
    }
}
