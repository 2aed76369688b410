package dev.perennial.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.Clip;
import dev.perennial.clip.TinyClip;
import dev.perennial.clip.checkpoint.StoredType;
import dev.perennial.data.DatasetException;
import dev.perennial.data.Pictures;
import dev.perennial.run.AdaptRun;
import dev.perennial.run.ConfigException;
import dev.perennial.run.ModelSource;
import dev.perennial.run.StopRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {
    private static final String SUITE = """
            name: tiny
            seeds: [1, 2]
            methods:
              - {name: frozen, seeds: [1]}
              - {name: fast, method: finetune, settings: {training: {steps: 2}}}
            run:
              model: model
              training: {steps: 5, learning-rate: 1.0e-3, warm-up: 0, batch-size: 4, threads: 1}
              evaluation: {pictures: 0, threads: 1}
              stream:
                name: colours
                tasks:
                  - {name: warm, data: {path: warm}}
                  - {name: cold, data: {path: cold}}
            """;

    @TempDir
    Path folder;

    private final List<String> launched = Collections.synchronizedList(new ArrayList<>());
    private final List<BenchEvent> events = new ArrayList<>();

    @BeforeEach
    void makeModelAndData() {
        try (Clip clip = TinyClip.create(11)) {
            clip.save(folder.resolve("model"), StoredType.F32);
        }
        Pictures.write(folder.resolve("warm"), 3, 2, "red", "yellow");
        Pictures.write(folder.resolve("cold"), 3, 2, "blue", "green");
    }

    @Test
    void everyMethodRunsWithEachOfItsSeedsAndWhatIsDoneIsSkipped() throws Exception {
        BenchPlan plan = plan(SUITE);
        assertThat(plan.runs()).extracting(PlannedRun::name).containsExactly("frozen-s1", "fast-s1", "fast-s2");
        BenchResults results = execute(plan, 2);
        assertThat(launched).containsExactlyInAnyOrder("frozen-s1", "fast-s1", "fast-s2");
        assertThat(results.done("fast"))
                .extracting(run -> run.summary().provenance().seed())
                .containsExactly(1L, 2L);
        assertThat(results.done("fast").getFirst().summary().method()).isEqualTo("finetune");

        launched.clear();
        events.clear();
        BenchResults again = execute(plan(SUITE), 1);
        assertThat(launched).isEmpty();
        assertThat(events).hasSize(3).allMatch(BenchEvent.Skipped.class::isInstance);
        assertThat(again.done()).hasSize(3);
    }

    @Test
    void anotherSettingOrOtherDataAreToBeRunAnew() throws Exception {
        List<String> keys = keys(plan(SUITE));
        assertThat(keys).doesNotHaveDuplicates();
        assertThat(keys(plan(SUITE))).isEqualTo(keys);
        assertThat(keys(plan(SUITE, "training.batch-size=3"))).doesNotContainAnyElementsOf(keys);
        assertThat(keys(plan(SUITE.replace("name: fast", "name: quick")))).isEqualTo(keys);
        Pictures.write(folder.resolve("warm"), 4, 2, "red", "yellow");
        assertThat(keys(plan(SUITE))).doesNotContainAnyElementsOf(keys);
    }

    @Test
    void aFailedRunIsReportedAndTheRestGoesOn() throws Exception {
        BenchPlan plan = plan(SUITE);
        BenchResults results;
        try (BenchFolder bench = BenchFolder.open(folder.resolve("bench"))) {
            results = new Bench(
                            bench,
                            (run, path, progress) -> {
                                if (run.name().equals("frozen-s1")) {
                                    throw new RunFailedException("the disk is full");
                                }
                                adapt(run, path);
                            },
                            1,
                            new StopRequest(),
                            events::add)
                    .execute(plan);
        }
        assertThat(results.done()).hasSize(2);
        assertThat(results.failed()).hasSize(1).first().satisfies(failed -> {
            assertThat(failed.run().name()).isEqualTo("frozen-s1");
            assertThat(failed.reason()).isEqualTo("the disk is full");
        });
        assertThat(execute(plan, 1).failed()).isEmpty();
        assertThat(launched).contains("frozen-s1");
    }

    @Test
    void aRunThatStopsBeforeItsLastExperienceIsNotDone() throws Exception {
        BenchPlan plan = plan(SUITE);
        execute(plan, 1);
        try (BenchFolder bench = BenchFolder.open(folder.resolve("bench"))) {
            Path matrix = bench.of(plan.runs().getFirst()).resolve("matrix.csv");
            List<String> lines = Files.readAllLines(matrix);
            Files.write(matrix, lines.subList(0, lines.size() - 1));
            var half = new Bench(bench, (_, _, _) -> {}, 1, new StopRequest(), events::add);
            assertThat(half.results(plan).done()).hasSize(2);
            // A launcher that returns without results does not make it done.
            assertThat(half.execute(plan).failed()).hasSize(1);
        }
    }

    @Test
    void aStopLeavesTheRunsAtHandAndAllFurtherOnesForTheNextTime() throws Exception {
        BenchPlan plan = plan(SUITE);
        var stop = new StopRequest();
        try (BenchFolder bench = BenchFolder.open(folder.resolve("bench"))) {
            BenchResults results = new Bench(
                            bench,
                            (run, path, progress) -> {
                                if (run.name().equals("fast-s1")) {
                                    stop.make();
                                } else {
                                    adapt(run, path);
                                }
                            },
                            1,
                            stop,
                            events::add)
                    .execute(plan);
            assertThat(results.done()).hasSize(1);
            assertThat(results.failed()).isEmpty();
            assertThat(results.outcomes())
                    .filteredOn(RunOutcome.Pending.class::isInstance)
                    .hasSize(2);
        }
        launched.clear();
        assertThat(execute(plan, 1).done()).hasSize(3);
        assertThat(launched).containsExactly("fast-s1", "fast-s2");
    }

    @Test
    void oneBenchmarkAtATimeWritesIntoAFolder() {
        Path path = folder.resolve("bench");
        try (BenchFolder _ = BenchFolder.open(path)) {
            assertThatThrownBy(() -> BenchFolder.open(path))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("another process");
        }
        BenchFolder.open(path).close();
    }

    @Test
    void suitesAreCheckedBeforeAnythingRuns() {
        assertThatThrownBy(() -> plan(SUITE.replace("method: finetune", "method: fine-tune")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("fast")
                .hasMessageContaining("finetune");
        assertThatThrownBy(() -> plan(SUITE.replace("name: fast", "name: frozen")))
                .hasMessageContaining("two rows are called 'frozen'");
        assertThatThrownBy(() -> plan(SUITE.replace("name: fast", "name: ../fast")))
                .hasMessageContaining("part of a folder's name");
        assertThatThrownBy(() -> plan(SUITE.replace("seeds: [1, 2]", "seeds: []")))
                .hasMessageContaining("at least one seed");
        assertThatThrownBy(() -> plan(SUITE.replace("path: warm", "path: lukewarm")))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("lukewarm");
        assertThatThrownBy(() -> Suite.read(write(SUITE)).withMethods(List.of("fats")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("fats");
    }

    @Test
    void aSeedMayDecideFurtherSettings() throws Exception {
        BenchPlan plan = plan(SUITE.replace("seeds: [1, 2]", "seeds: [1, 2]\nseeded: [seed, stream.order-seed]")
                .replace("    name: colours", "    name: colours\n    order: random"));
        assertThat(plan.runs())
                .allSatisfy(run ->
                        assertThat(run.config().config().stream().orderSeed()).hasValue(run.seed()));
    }

    private BenchPlan plan(String suite, String... overrides) throws IOException {
        return BenchPlan.of(Suite.read(write(suite)), List.of(overrides), folder, models(), folder.resolve("cache"));
    }

    private Path write(String suite) throws IOException {
        return Files.writeString(folder.resolve("suite.yaml"), suite);
    }

    private BenchResults execute(BenchPlan plan, int jobs) throws InterruptedException {
        try (BenchFolder bench = BenchFolder.open(folder.resolve("bench"))) {
            return new Bench(bench, (run, path, progress) -> adapt(run, path), jobs, new StopRequest(), events::add)
                    .execute(plan);
        }
    }

    private void adapt(PlannedRun run, Path path) {
        launched.add(run.name());
        new AdaptRun(run.config(), models(), folder.resolve("cache"), _ -> {}).execute(path);
    }

    private ModelSource models() {
        return new ModelSource(Map.of(), folder.resolve("pulled"));
    }

    private static List<String> keys(BenchPlan plan) {
        return plan.runs().stream().map(PlannedRun::key).toList();
    }
}
