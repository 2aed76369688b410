package dev.perennial.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.pretrain.TrainingHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingPageTest {
    @TempDir
    Path folder;

    @Test
    void thePageHoldsScoresLossesAndSettingsAndAsksForNothingElse() throws IOException {
        var history = new TrainingHistory(
                List.of(new TrainingHistory.Loss(20, 7.25, 100)),
                List.of(new TrainingHistory.Validation(1000, 90, new LinkedHashMap<>(Map.of("birds", 41.5)))));
        Path page = folder.resolve("training.html");
        TrainingPage.write("my <clip>", "seed: 42", history, page);
        String text = Files.readString(page);
        // The plotting library would drown what is looked for in a failure.
        assertThat(text.substring(0, text.indexOf("<script>")))
                .contains("Pretraining of my &lt;clip&gt;", "seed: 42", "<td>1,000</td>", "<td>41.5</td>", "7.25")
                .contains("default-src &#39;none&#39;")
                .doesNotContain("src=\"http");
        assertThat(folder.toFile().list()).containsExactly("training.html");
    }
}
