package dev.perennial.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.Clip;
import dev.perennial.clip.TinyClip;
import dev.perennial.clip.checkpoint.StoredType;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.data.ColourShards;
import dev.perennial.data.Pictures;
import dev.perennial.follow.Journal;
import dev.perennial.follow.ShardEntry;
import dev.perennial.follow.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that learn shards as they come. {@code -Dperennial.kills=300} kills more often. */
class FollowRunTest {
    private static final int KILLS = Math.max(5, Integer.getInteger("perennial.kills", 0) / 3);
    private static final int SHARDS = 20;
    private static final int CORRUPT = 6;
    private static final int HARMFUL = 11;
    private static final String CONFIG = """
            name: shop
            model: model
            method: finetune
            seed: 3
            training: {steps: 20, learning-rate: 1.0e-3, warm-up: 0, batch-size: 8, threads: 1}
            evaluation: {batch-size: 16, pictures: 1, threads: 1, alignment-samples: 4}
            checkpoint: {every-steps: 4, keep-experiences: 2}
            stream:
              name: shop
              follow:
                folder: inbox
                class-attribute: colour
                classes: [red, yellow, blue, green]
                held-out: 0.4
                poll-seconds: 0.02
                patience-seconds: 0.05
              control:
                - {name: pale, data: {path: pale}}
            gates: {earlier-steps: 30}
            """;

    @TempDir
    Path folder;

    private Path config = Path.of("");

    @BeforeEach
    void makeModelAndControlSet() throws IOException {
        try (Clip clip = TinyClip.create(11)) {
            clip.save(folder.resolve("model"), StoredType.F32);
        }
        Pictures.write(folder.resolve("pale"), 1, 3, "white", "grey");
        config = Files.writeString(folder.resolve("shop.yaml"), CONFIG);
    }

    @Test
    void killedAgainAndAgainWhileShardsComeItLearnsEachOnceAndNoHarmfulOne() throws Exception {
        Path all = Files.createDirectory(folder.resolve("all"));
        for (int step = 1; step <= SHARDS; step++) {
            shard(all, step);
        }
        Path calm = folder.resolve("calm");
        FollowProcess.follow(config, calm, all, folder.resolve("cache"), steps(SHARDS - 1));

        Journal journal = Journal.read(calm);
        assertThat(journal.with(Verdict.SET_ASIDE)).extracting(ShardEntry::file).containsExactly("s06.tar");
        assertThat(journal.with(Verdict.SET_ASIDE).getFirst().reasons().getFirst())
                .contains("damaged tar");
        assertThat(journal.with(Verdict.REFUSED)).extracting(ShardEntry::file).containsExactly("s11.tar");
        assertThat(journal.with(Verdict.REFUSED).getFirst().reasons().getFirst())
                .contains("earlier step s01 fell from");
        assertThat(journal.with(Verdict.PROMOTED)).hasSize(SHARDS - 2);

        Path some = Files.createDirectory(folder.resolve("some"));
        Path killed = folder.resolve("killed");
        Random random = new Random(5);
        Thread feeder = Thread.ofPlatform().start(() -> feed(all, some, new Random(7)));
        int kills = 0;
        while (true) {
            Process process = start(killed, some);
            if (kills < KILLS) {
                if (!process.waitFor(1200 + random.nextInt(1500), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly().waitFor();
                    kills++;
                }
            } else {
                assertThat(process.waitFor())
                        .as(Files.readString(folder.resolve("errors.txt")))
                        .isZero();
                break;
            }
        }
        feeder.join();
        requireSame(killed, calm);
    }

    @Test
    void whereNothingIsPromotedThePretrainedModelStaysCurrentAndLearningGoesOnFromIt() throws IOException {
        Path inbox = Files.createDirectory(folder.resolve("inbox"));
        ColourShards.write(inbox.resolve("a.tar"), 1, 5, 0);
        Path run = folder.resolve("run");
        follow(run, inbox, "gates.new-step=101.0");
        CurrentModel current = CurrentModel.of(run);
        assertThat(current.checkpoint()).isEmpty();
        assertThat(current.shards().getFirst().reasons().getFirst()).startsWith("new step a went from");
        try (AdaptedModel used = AdaptedModel.open(run, new ModelSource(Map.of(), folder));
                AdaptedModel pretrained =
                        AdaptedModel.open(folder.resolve("model"), new ModelSource(Map.of(), folder))) {
            assertThat(embedding(used)).isEqualTo(embedding(pretrained));
        }
        assertThat(RunCheck.of(run, new ModelSource(Map.of(), folder)).standing())
                .contains("0 shards promoted, 1 refused", "current is the pretrained model");
    }

    @Test
    void aShardIsMetOnceUnderWhateverNameAndAgainWhenItHasChanged() throws IOException {
        Path inbox = Files.createDirectory(folder.resolve("inbox"));
        ColourShards.write(inbox.resolve("a.tar"), 1, 5, 0);
        byte[] whole = Files.readAllBytes(ColourShards.write(inbox.resolve("b.tar"), 2, 5, 0));
        Files.write(inbox.resolve("b.tar"), Arrays.copyOf(whole, whole.length / 2));
        Path run = folder.resolve("run");
        follow(run, inbox, "gates.earlier-steps=100.0");
        Files.copy(inbox.resolve("a.tar"), inbox.resolve("copy of a.tar"));
        follow(run, inbox);
        Files.write(inbox.resolve("b.tar"), whole);
        follow(run, inbox);
        follow(run, inbox);
        assertThat(Journal.read(run).entries())
                .extracting(entry -> entry.file() + " " + entry.verdict())
                .containsExactly("a.tar PROMOTED", "b.tar SET_ASIDE", "copy of a.tar SET_ASIDE", "b.tar PROMOTED");
        assertThat(Journal.read(run).entries().get(1).why()).contains("without the end mark");
        assertThat(Journal.read(run).entries().get(2).why()).contains("same bytes as a.tar");

        ColourShards.write(inbox.resolve("a.tar"), 3, 5, 0);
        assertThatThrownBy(() -> follow(run, inbox))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("a.tar: was learned as 'a', and has changed since; put it back");
    }

    @Test
    void stepsWhoseCheckpointIsDamagedAreLearnedAgainToTheSameModels() throws IOException {
        Path inbox = Files.createDirectory(folder.resolve("inbox"));
        for (int step = 1; step <= 3; step++) {
            ColourShards.write(inbox.resolve("s" + step + ".tar"), step, 5, 0);
        }
        Path run = folder.resolve("run");
        follow(run, inbox, "gates.earlier-steps=100.0");
        Path weights = run.resolve("checkpoints/003-end/method.safetensors");
        byte[] learned = Files.readAllBytes(weights);
        String matrix = Files.readString(run.resolve("matrix.csv"));
        Files.write(weights, new byte[] {1});
        Files.write(run.resolve("checkpoints/002-end/method.safetensors"), new byte[] {1});
        follow(run, inbox);
        assertThat(Files.readAllBytes(weights)).isEqualTo(learned);
        assertThat(run.resolve("matrix.csv")).hasContent(matrix);
        assertThat(Journal.read(run).with(Verdict.PROMOTED)).hasSize(3);
    }

    /** Takes what is there and ends. */
    private void follow(Path run, Path inbox, String... settings) {
        boolean begun = Files.exists(run.resolve(RunFolder.CONFIG));
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("stream.follow.folder=" + inbox);
        var follow = new FollowRun(
                begun ? RunFolder.configuration(run) : RunConfig.read(config, all),
                new ModelSource(Map.of(), folder),
                folder.resolve("cache"),
                _ -> {},
                new StopRequest(),
                new FollowEnd(OptionalInt.empty(), Optional.of(Duration.ofMillis(300))));
        if (begun) {
            follow.resume(run);
        } else {
            follow.execute(run);
        }
    }

    private static float[] embedding(AdaptedModel model) {
        try (var _ = new TensorScope()) {
            return Tensors.toRows(model.clip().embedTexts(List.of("red")))[0];
        }
    }

    /** Writes a shard as it should be, or one cut in the middle of a header, or one with wrong names. */
    private static void shard(Path into, int step) throws IOException {
        Path file = into.resolve("s%02d.tar".formatted(step));
        ColourShards.write(file, step, 5, step == HARMFUL ? 1 : 0);
        if (step == CORRUPT) {
            byte[] bytes = Files.readAllBytes(file);
            Arrays.fill(bytes, 0, 100, (byte) 'x');
            Files.write(file, bytes);
        }
    }

    /** Shards appear one after another; some are written slowly, others renamed in. */
    private static void feed(Path from, Path to, Random random) {
        try {
            for (int step = 1; step <= SHARDS; step++) {
                String name = "s%02d.tar".formatted(step);
                Path hidden = to.resolve("." + name + ".part");
                Files.copy(from.resolve(name), hidden);
                Files.move(hidden, to.resolve(name), StandardCopyOption.ATOMIC_MOVE);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(400));
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static FollowEnd steps(int steps) {
        return new FollowEnd(OptionalInt.of(steps), Optional.empty());
    }

    private Process start(Path run, Path inbox) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                FollowProcess.class.getName()));
        for (Path path : List.of(config, run, inbox, folder.resolve("cache"))) {
            command.add(path.toString());
        }
        command.add(String.valueOf(SHARDS - 1));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("errors.txt").toFile()))
                .start();
    }

    private static void requireSame(Path actual, Path expected) throws IOException {
        for (String file : List.of(
                "matrix.csv",
                "predictions.json",
                "alignment.csv",
                "checkpoints/017-end/method.safetensors",
                "checkpoints/018-end/method.safetensors")) {
            assertThat(Files.mismatch(actual.resolve(file), expected.resolve(file)))
                    .as("%s of %s", file, actual.getFileName())
                    .isEqualTo(-1);
        }
        assertThat(Journal.read(actual).entries())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("at")
                .isEqualTo(Journal.read(expected).entries());
        try (var left = Files.list(actual.resolve("checkpoints"))) {
            assertThat(left.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("017-end", "018-end");
        }
    }
}
