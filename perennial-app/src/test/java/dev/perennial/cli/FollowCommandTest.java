package dev.perennial.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A followed folder, from the command line. */
class FollowCommandTest {
    private static final String CONFIG = """
            model: tiny
            method: finetune
            training: {steps: 2, batch-size: 4, warm-up: 0, learning-rate: 0.01, threads: 1}
            stream:
              name: pets
              follow: {class-attribute: class, classes: [cat, dog], held-out: 0.5, poll-seconds: 0.02}
              control:
                - {name: pets, data: {path: pets}}
            """;

    @TempDir
    Path folder;

    private Path inbox = Path.of("");
    private Path run = Path.of("");

    @BeforeEach
    void makeModelAndShards() throws IOException {
        TinyFiles.model(folder.resolve("tiny"), 1);
        TinyFiles.dataset(folder.resolve("pets"));
        inbox = Files.createDirectory(folder.resolve("in box"));
        run = folder.resolve("run");
        shard("a.tar", 1);
        shard("b.tar", 2);
    }

    @Test
    void theCurrentModelIsTheOneThatEveryCommandUses() throws IOException {
        adapt("gates: {earlier-steps: 100}").assertDone();
        Outcome current = Outcome.of("current", run).assertDone();
        assertThat(current.out())
                .contains("checkpoints/002-end", "sha256      ", "since       b, promoted 20", "2 promoted");
        Path plain = folder.resolve("plain");
        Outcome.of("models", "convert", run, plain).assertDone();
        assertThat(classify(run)).isEqualTo(classify(plain)).isNotEqualTo(classify(folder.resolve("tiny")));
        assertThat(Files.readString(run.resolve("report.html")))
                .contains("Shards of the followed folder", "a.tar", "promoted");

        shard("c.tar", 3);
        Files.write(inbox.resolve("d.tar"), new byte[2048]);
        Outcome.of("resume", run, "--until-idle", "0.3").assertDone();
        assertThat(Outcome.of("current", run).assertDone().out())
                .contains("checkpoints/003-end", "set aside   d.tar: the shard holds no samples");
        assertThat(Files.readString(run.resolve("report.html"))).contains("c.tar", "set aside");
    }

    @Test
    void aRefusedModelIsNotUsedAndTheReasonIsToldWhereverOneLooks() throws IOException {
        adapt("gates: {new-step: 100.5}").assertDone();
        assertThat(Outcome.of("current", run).assertDone().out())
                .contains(
                        "the beginning: it is the pretrained model", "2 refused", "refused     a.tar: new step a went");
        assertThat(classify(run)).isEqualTo(classify(folder.resolve("tiny")));
        assertThat(Files.readString(run.resolve("events.jsonl"))).contains("\"event\":\"refused\"");
        assertThat(Outcome.of("verify", run).assertDone().out()).contains("2 refused", "ok       follow.json");
    }

    @Test
    void wrongGatesFoldersAndEndsAreToldInALine() throws IOException {
        adapt("gates: {earlier-step: 1}").assertFailed(2, "earlier-step", "did you mean 'earlier-steps'?");
        adapt("gates: {control: -1}").assertFailed(2, "gates.control must be at least 0");
        adapt("evaluation: {protocol: pooled}").assertFailed(2, "task-aware");
        Path config = Files.writeString(folder.resolve("run.yaml"), CONFIG);
        Outcome.of("adapt", config, "-o", run, "--follow", folder.resolve("nowhere"))
                .assertFailed(2, "nowhere: there is no such folder to follow");
        Outcome.of("adapt", TinyFiles.config(folder, ""), "-o", run, "--steps", "3")
                .assertFailed(2, "--steps and --until-idle end a run that follows a folder");
        Outcome.of("adapt", TinyFiles.config(folder, "gates: {control: 1}\n"), "-o", run)
                .assertFailed(2, "gates hold where a folder is followed");
        assertThat(run).doesNotExist();
    }

    private Outcome adapt(String further) throws IOException {
        Path config = Files.writeString(folder.resolve("run.yaml"), CONFIG + further + "\n");
        return Outcome.of("adapt", config, "-o", run, "--follow", inbox, "--until-idle", "0.3");
    }

    private String classify(Path of) {
        return Outcome.of(
                        "classify",
                        "--model",
                        of,
                        "--labels",
                        "cat,dog",
                        "--format",
                        "csv",
                        folder.resolve("pets/test"))
                .assertDone()
                .out();
    }

    private void shard(String name, int number) throws IOException {
        try (var tar = new TarArchiveOutputStream(Files.newOutputStream(inbox.resolve(name)))) {
            for (int i = 0; i < 8; i++) {
                String key = number + "-" + i;
                Color colour = i % 2 == 0 ? new Color(200, 20 * i, number) : new Color(number, 20 * i, 200);
                add(tar, key + ".png", Files.readAllBytes(TinyFiles.image(folder.resolve("picture.png"), colour)));
                add(
                        tar,
                        key + ".json",
                        "{\"class\": \"%s\"}"
                                .formatted(i % 2 == 0 ? "cat" : "dog")
                                .getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        var entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
