package dev.perennial.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.run.RunConfig;
import dev.perennial.run.Yaml;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForecastTest {
    private static final PlannedRun SLOW_1 = run("slow", 1);
    private static final PlannedRun SLOW_2 = run("slow", 2);
    private static final PlannedRun FAST_1 = run("fast", 1);
    private static final PlannedRun FAST_2 = run("fast", 2);

    @Test
    void nothingIsGuessedBeforeAnythingIsKnown() {
        var forecast = new Forecast(List.of(SLOW_1, FAST_1), 1);
        assertThat(forecast.secondsLeft(0)).isEmpty();
        forecast.started(SLOW_1, 0);
        forecast.progressed(SLOW_1, 0.01);
        assertThat(forecast.secondsLeft(10)).isEmpty();
        assertThat(forecast.share()).isCloseTo(0.005, within(1e-9));
    }

    @Test
    void runsOfARowTakeAsLongAsItsOthers() {
        var forecast = new Forecast(List.of(SLOW_2, FAST_2), 1);
        forecast.took(SLOW_1, 100);
        forecast.took(FAST_1, 10);
        assertThat(forecast.secondsLeft(0)).hasValue(110);
        forecast.started(SLOW_2, 0);
        forecast.progressed(SLOW_2, 0.5);
        // Half of it took 60 seconds, so the other half will.
        assertThat(forecast.secondsLeft(60).orElseThrow()).isCloseTo(70, within(1e-9));
        forecast.ended(SLOW_2);
        assertThat(forecast.share()).isEqualTo(0.5);
        forecast.ended(FAST_2);
        assertThat(forecast.share()).isEqualTo(1);
        assertThat(forecast.secondsLeft(200)).hasValue(0);
    }

    @Test
    void jobsShareTheWork() {
        var forecast = new Forecast(List.of(SLOW_2, FAST_2), 2);
        forecast.took(SLOW_1, 100);
        forecast.took(FAST_1, 10);
        assertThat(forecast.secondsLeft(0)).hasValue(55);
    }

    private static PlannedRun run(String row, long seed) {
        var tree = Yaml.empty();
        tree.put("method", "frozen").put("name", row + "-s" + seed);
        tree.putObject("stream")
                .put("name", "s")
                .putArray("tasks")
                .addObject()
                .put("name", "t")
                .putObject("data")
                .put("path", "p");
        return new PlannedRun(row, seed, RunConfig.of("test", tree, List.of(), Path.of("")), 1, "0123456789abcdef");
    }
}
