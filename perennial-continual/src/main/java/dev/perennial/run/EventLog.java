package dev.perennial.run;

import dev.perennial.clip.checkpoint.DurableFile;
import dev.perennial.follow.ShardEntry;
import dev.perennial.train.StepReport;
import dev.perennial.train.checkpoint.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Appends what happens in a run to {@code events.jsonl}, one JSON object a line. */
final class EventLog {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;

    EventLog(Path folder) {
        this.file = folder.resolve("events.jsonl");
        endTornLine();
    }

    void append(RunEvent event) {
        ObjectNode line = JSON.createObjectNode();
        line.put("time", Instant.now().toString());
        switch (event) {
            case RunEvent.Started started ->
                line.put("event", "started").put("run", started.run()).put("method", started.method());
            case RunEvent.Learning learning ->
                line.put("event", "learning").put("experience", learning.name()).put("samples", learning.samples());
            case RunEvent.Stepped stepped -> step(line, stepped.experience(), stepped.report());
            case RunEvent.Evaluated evaluated ->
                line.put("event", "evaluated")
                        .put("after", evaluated.after())
                        .put("data-set", evaluated.dataSet())
                        .put("score", evaluated.score());
            case RunEvent.Judged judged ->
                line.put("event", "judged").put("after", judged.after()).put("accuracy", judged.accuracy());
            case RunEvent.Anytime anytime ->
                line.put("event", "anytime")
                        .put("session", anytime.point().session())
                        .put("arrived", anytime.point().counts().arrived())
                        .put("dropped", anytime.point().counts().dropped())
                        .put("classes", anytime.point().classes())
                        .put("accuracy", anytime.point().accuracy());
            case RunEvent.Diagnosed diagnosed -> {
                line.put("event", "diagnosed").put("experience", diagnosed.row().experience());
                line.put("step", diagnosed.row().step());
                diagnosed.row().values().forEach((measure, value) -> line.put(measure.key(), value));
            }
            case RunEvent.Foreseen foreseen ->
                line.put("event", "foreseen")
                        .put("after", foreseen.after())
                        .put("data-set", foreseen.dataSet())
                        .put("score", foreseen.score());
            case RunEvent.Waiting waiting ->
                line.put("event", "waiting").put("folder", waiting.folder().toString());
            case RunEvent.Arrived arrived ->
                line.put("event", "arrived").put("file", arrived.file()).put("experience", arrived.name());
            case RunEvent.Decided(ShardEntry shard) -> {
                line.put("event", shard.verdict().word())
                        .put("file", shard.file())
                        .put("experience", shard.name());
                shard.reasons().forEach(line.putArray("reasons")::add);
            }
            case RunEvent.Committed committed ->
                place(line.put("event", "committed"), committed.place(), committed.name());
            case RunEvent.Resumed resumed -> place(line.put("event", "resumed"), resumed.place(), resumed.name());
            case RunEvent.Damaged damaged ->
                line.put("event", "damaged")
                        .put("checkpoint", damaged.checkpoint().toString())
                        .put("damage", damaged.damage());
            case RunEvent.Finished _ -> line.put("event", "finished");
        }
        append(JSON.writeValueAsString(line) + "\n");
    }

    private static void step(ObjectNode line, String experience, StepReport report) {
        line.put("event", "step")
                .put("experience", experience)
                .put("step", report.step())
                .put("steps", report.steps());
        report.problem()
                .ifPresentOrElse(
                        problem -> line.put("skipped", problem),
                        () -> line.put("loss", report.loss()).put("gradient-norm", report.gradientNorm()));
        line.put("learning-rate", report.learningRate());
    }

    private static void place(ObjectNode line, Place place, String experience) {
        line.put("experience", experience);
        if (!place.isEnd()) {
            line.put("step", place.step());
        }
    }

    private void append(String text) {
        try {
            Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    file + ": the event log cannot be written (" + DurableFile.reason(e) + ")", e);
        }
    }

    /** Ends a line that a crash cut off. */
    private void endTornLine() {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            if (channel.size() > 0 && channel.read(last, channel.size() - 1) == 1 && last.get(0) != '\n') {
                append("\n");
            }
        } catch (NoSuchFileException e) {
            // There is nothing to end.
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": the event log cannot be read (" + DurableFile.reason(e) + ")", e);
        }
    }
}
