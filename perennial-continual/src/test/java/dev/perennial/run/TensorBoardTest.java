package dev.perennial.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.evaluate.RunResults;
import dev.perennial.run.tensorboard.EventReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardTest {
    private static final String[] SHORT = {"training.steps=5", "checkpoint.every-steps=2"};

    @TempDir
    Path folder;

    private TinyRuns runs = new TinyRuns(Path.of(""));

    @BeforeEach
    void makeModelAndData() {
        runs = TinyRuns.in(folder);
    }

    @Test
    void aRunWritesWhatItMeasuresOverTheSamplesItLearnedFrom() {
        Path run = runs.run("run", "finetune", SHORT);
        Map<String, Map<Long, Float>> series = EventReader.series(run.resolve("tensorboard"));
        assertThat(series)
                .containsOnlyKeys(
                        "loss",
                        "rate",
                        "memory",
                        "gradient-norm",
                        "learning-rate",
                        "accuracy",
                        "score/warm",
                        "score/cold",
                        "score/pale");
        assertThat(series.get("loss")).hasSize(10);
        RunResults results = RunResults.read(run);
        // Five samples of each of two colours come in batches of 6 and 4.
        assertThat(series.get("score/cold"))
                .containsEntry(52L, (float) results.matrix().score(1, 1).orElseThrow());
        assertThat(series.get("accuracy")).containsOnlyKeys(0L, 26L, 52L);
    }

    @Test
    void aRunThatWasCutOffShowsAfterwardsWhatOneWithoutAStopShows() {
        Map<String, Map<Long, Float>> calm =
                EventReader.series(runs.run("calm", "finetune", SHORT).resolve("tensorboard"));
        Path cut = folder.resolve("cut");
        AtomicInteger steps = new AtomicInteger();
        assertThatThrownBy(() -> new AdaptRun(
                                runs.config("finetune", SHORT), runs.models(), folder.resolve("cache"), event -> {
                                    if (event instanceof RunEvent.Stepped && steps.incrementAndGet() == 8) {
                                        throw new IllegalStateException("cut off");
                                    }
                                })
                        .execute(cut))
                .hasMessage("cut off");
        new AdaptRun(RunFolder.configuration(cut), runs.models(), folder.resolve("cache"), _ -> {}).resume(cut);
        Map<String, Map<Long, Float>> both = EventReader.series(cut.resolve("tensorboard"));
        assertThat(both.keySet()).isEqualTo(calm.keySet());
        calm.forEach((tag, values) -> {
            if (!tag.equals("rate") && !tag.equals("memory")) {
                assertThat(both.get(tag)).as(tag).isEqualTo(values);
            }
        });
        assertThat(cut.resolve("tensorboard").toFile().list()).hasSize(2);
        assertThat(Files.exists(cut.resolve("matrix.csv"))).isTrue();
    }
}
