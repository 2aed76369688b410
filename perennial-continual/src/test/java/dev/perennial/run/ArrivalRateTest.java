package dev.perennial.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.data.Pictures;
import dev.perennial.evaluate.RunResults;
import dev.perennial.evaluate.anytime.AnytimeHistory;
import dev.perennial.evaluate.anytime.AnytimePoint;
import dev.perennial.evaluate.anytime.ArrivalCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArrivalRateTest {
    private static final String CONFIG = """
            model: model
            seed: 5
            training: {epochs: 2, learning-rate: 1.0e-3, warm-up: 0, cooldown: 0, batch-size: 4, threads: 2, max-bad-share: 0.5}
            evaluation: {protocol: pooled, batch-size: 3, pictures: 1, anytime: {every: 5}}
            checkpoint: {every-steps: 1}
            stream:
              name: colours
              online: {data: {path: colours}, sessions: 2, blurry: 40, varied: false}
              control:
                - {name: pale, data: {path: pale}}
            """;
    /** While a batch is learned twice, eight samples come: three of them find a place. */
    private static final String[] TOO_FAST = {
        "stream.online.arrival.rate=100", "stream.online.arrival.queue=3", "stream.online.arrival.seconds-per-step=0.04"
    };

    private static final List<String> RESULTS = List.of(
            "matrix.csv",
            "anytime.csv",
            "class-accuracy.csv",
            "checkpoints/002-end/method.safetensors",
            "alignment.csv");

    @TempDir
    Path folder;

    private TinyRuns runs = new TinyRuns(Path.of(""));

    @BeforeEach
    void makeModelAndData() {
        runs = TinyRuns.in(folder);
        Pictures.write(folder.resolve("colours"), 12, 2, "red", "yellow", "green", "blue");
    }

    @Test
    void theModelIsJudgedEachTimeAnotherPeriodHasComeAndAtTheEndsOfSessions() {
        AnytimeHistory history = history(run("run", "finetune"));
        assertThat(history.points().stream()
                        .filter(point -> !point.atEnd())
                        .map(point -> point.counts().arrived()))
                .containsExactly(8L, 12L, 16L, 24L, 28L, 32L, 36L, 44L, 48L);
        assertThat(history.points().stream().filter(AnytimePoint::atEnd).map(AnytimePoint::session))
                .containsExactly("session 1", "session 2");
        assertThat(history.points()).extracting(AnytimePoint::classes).isSorted();
        assertThat(history.points().getLast().classes()).isEqualTo(4);
        assertThat(history.points().getLast().tested()).isEqualTo(8);
        assertThat(history.sessions().getLast().classes().keySet())
                .containsExactlyInAnyOrder("red", "yellow", "green", "blue");
        RunResults results = RunResults.read(folder.resolve("run"));
        assertThat(results.summary().metrics())
                .containsKeys("anytimeArea", "controlRetention")
                .containsEntry("takenShare", 100.0)
                .containsEntry("incrementalLast", history.points().getLast().accuracy());
    }

    @Test
    void aModelThatIsNeverTrainedIsJudgedAsOften() {
        assertThat(history(run("frozen", "frozen")).points())
                .extracting(point -> point.counts().arrived())
                .isEqualTo(history(run("finetune", "finetune")).points().stream()
                        .map(point -> point.counts().arrived())
                        .toList());
    }

    @Test
    void fewerTestImagesAreUsedWhereItIsAsked() {
        AnytimeHistory history = history(run("run", "frozen", "evaluation.anytime.samples=3"));
        assertThat(history.points().stream().filter(point -> !point.atEnd()))
                .isNotEmpty()
                .allMatch(point -> point.tested() <= 3);
    }

    @Test
    void aStreamThatIsSlowEnoughGivesTheBitsOfOneThatWaits() throws IOException {
        Path waiting = run("waiting", "finetune");
        Path slow =
                run("slow", "finetune", "stream.online.arrival.rate=1", "stream.online.arrival.seconds-per-step=0.01");
        assertSame(slow, waiting);
    }

    @Test
    void whatComesTooFastIsDroppedAndCounted() {
        AnytimeHistory history = history(run("fast", "finetune", TOO_FAST));
        ArrivalCounts end = history.points().getLast().counts();
        assertThat(end.arrived()).isEqualTo(48);
        assertThat(end.dropped()).isPositive();
        assertThat(end.taken() + end.dropped()).isEqualTo(48);
        assertThat(history.points()).anyMatch(point -> point.counts().waiting() > 0);
        long learned = runs.events.stream()
                .filter(RunEvent.Stepped.class::isInstance)
                .mapToLong(event -> ((RunEvent.Stepped) event).report().samples())
                .max()
                .orElseThrow();
        assertThat(learned).isEqualTo(2 * end.taken());
        assertThat(RunResults.read(folder.resolve("fast")).summary().metrics())
                .containsEntry("takenShare", 100.0 * end.taken() / 48);
    }

    @Test
    void unreadableSamplesAreCountedAmongThoseTaken() throws IOException {
        for (String broken : List.of("red/0.png", "blue/3.png")) {
            Files.write(folder.resolve("colours/train").resolve(broken), new byte[] {1, 2, 3});
        }
        for (String[] settings : List.of(TOO_FAST, new String[0])) {
            Path run = run("broken " + settings.length, "finetune", settings);
            ArrivalCounts end = history(run).points().getLast().counts();
            assertThat(end.taken() + end.dropped()).isEqualTo(48);
            assertThat(end.unreadable()).isLessThanOrEqualTo(2);
            assertThat(settings.length > 0 || end.unreadable() == 2).isTrue();
        }
    }

    @Test
    void stoppingAtAnyEventAndResumingLosesNoSampleAndGivesTheSameBits() throws IOException {
        Path calm = run("calm", "finetune", TOO_FAST);
        int events = runs.events.size();
        for (int i = 4; i < events; i += 3) {
            Path stopped = folder.resolve("stopped " + i);
            stop(stopped, i);
            new AdaptRun(RunFolder.configuration(stopped), runs.models(), folder.resolve("cache"), _ -> {})
                    .resume(stopped);
            assertSame(stopped, calm);
        }
    }

    @Test
    void theClockOfTheMachineCountsAllSamplesToo() {
        Path run = run("real", "finetune", "stream.online.arrival.rate=2000", "stream.online.arrival.queue=4");
        ArrivalCounts end = history(run).points().getLast().counts();
        assertThat(end.taken() + end.dropped()).isEqualTo(48);
    }

    @Test
    void twiceTheStreamTakesNoMoreNativeMemory() {
        run("first", "finetune", TOO_FAST);
        AtomicInteger most = new AtomicInteger();
        execute(folder.resolve("short"), "finetune", new StopRequest(), most(most), TOO_FAST);
        int once = most.getAndSet(0);
        Pictures.write(folder.resolve("colours"), 24, 2, "red", "yellow", "green", "blue");
        execute(folder.resolve("long"), "finetune", new StopRequest(), most(most), TOO_FAST);
        assertThat(most.get()).isLessThanOrEqualTo(once);
    }

    @Test
    void judgingAtAnyTimeNeedsAnOnlineStream() {
        assertThatThrownBy(() -> runs.config("finetune", "evaluation.anytime.every=10", "evaluation.protocol=pooled"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("stream.online");
    }

    private static Consumer<RunEvent> most(AtomicInteger most) {
        return event -> {
            if (event instanceof RunEvent.Stepped) {
                most.accumulateAndGet((int) TensorScope.liveObjects(), Math::max);
            }
        };
    }

    private static AnytimeHistory history(Path run) {
        return RunResults.read(run).anytime();
    }

    private void stop(Path output, int event) {
        var stop = new StopRequest();
        var count = new AtomicInteger();
        try {
            execute(
                    output,
                    "finetune",
                    stop,
                    _ -> {
                        if (count.incrementAndGet() == event) {
                            stop.make();
                        }
                    },
                    TOO_FAST);
        } catch (RunStoppedException e) {
            assertThat(e).hasMessageContaining("perennial resume " + output);
        }
    }

    private Path run(String name, String method, String... settings) {
        runs.events.clear();
        Path output = folder.resolve(name);
        execute(output, method, new StopRequest(), runs.events::add, settings);
        return output;
    }

    private void execute(
            Path output, String method, StopRequest stop, Consumer<RunEvent> listener, String... settings) {
        Path file = runs.write(method + ".yaml", "method: " + method + "\n" + CONFIG);
        new AdaptRun(RunConfig.read(file, List.of(settings)), runs.models(), folder.resolve("cache"), listener, stop)
                .execute(output);
    }

    private static void assertSame(Path actual, Path expected) throws IOException {
        for (String file : RESULTS) {
            assertThat(Files.mismatch(actual.resolve(file), expected.resolve(file)))
                    .as("%s of %s", file, actual.getFileName())
                    .isEqualTo(-1);
        }
    }
}
