package dev.perennial.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
    }

    void append(RunEvent event) {
        ObjectNode line = JSON.createObjectNode();
        line.put("time", Instant.now().toString());
        switch (event) {
            case RunEvent.Started started ->
                line.put("event", "started").put("run", started.run()).put("method", started.method());
            case RunEvent.Learning learning ->
                line.put("event", "learning").put("experience", learning.name()).put("samples", learning.samples());
            case RunEvent.Stepped stepped ->
                line.put("event", "step")
                        .put("experience", stepped.experience())
                        .put("step", stepped.report().step())
                        .put("loss", stepped.report().loss())
                        .put("gradient-norm", stepped.report().gradientNorm())
                        .put("learning-rate", stepped.report().learningRate());
            case RunEvent.Evaluated evaluated ->
                line.put("event", "evaluated")
                        .put("after", evaluated.after())
                        .put("data-set", evaluated.dataSet())
                        .put("score", evaluated.score());
            case RunEvent.Committed committed -> line.put("event", "committed").put("experience", committed.name());
            case RunEvent.Finished _ -> line.put("event", "finished");
        }
        try {
            Files.writeString(
                    file,
                    JSON.writeValueAsString(line) + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": the event log cannot be written", e);
        }
    }
}
