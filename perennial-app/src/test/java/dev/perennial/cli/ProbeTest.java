package dev.perennial.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code perennial probe}. */
class ProbeTest {
    @TempDir
    Path folder;

    @Test
    void givesARowForEachLabelledSet() {
        Path model = TinyFiles.model(folder.resolve("tiny"), 1);
        TinyFiles.dataset(folder.resolve("pets"));
        Outcome outcome =
                Outcome.of("probe", TinyFiles.config(folder, ""), "-m", model).assertDone();
        assertThat(outcome.out()).contains("linear probe").containsPattern("pets +\\d+ +\\d+ +2 +\\d+\\.\\d +50\\.0");
    }
}
