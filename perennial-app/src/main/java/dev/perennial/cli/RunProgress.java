package dev.perennial.cli;

import dev.perennial.bench.PlannedRun;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Follows the event log of a run in another process and says how far it is. */
final class RunProgress implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path log;
    private final PlannedRun run;
    private @Nullable BufferedReader reader;
    private int learned;
    private double within;

    RunProgress(Path runFolder, PlannedRun run) {
        this.log = runFolder.resolve("events.jsonl");
        this.run = run;
    }

    /** Returns the share of the run that is done, in {@code [0, 1]}; the log is a courtesy, so its faults are none of ours. */
    double share() {
        try {
            BufferedReader open = reader;
            if (open == null) {
                if (!Files.exists(log)) {
                    return 0;
                }
                open = Files.newBufferedReader(log, StandardCharsets.UTF_8);
                reader = open;
            }
            for (String line = open.readLine(); line != null; line = open.readLine()) {
                read(line);
            }
        } catch (IOException e) {
            return (learned + within) / run.experiences();
        }
        return Math.min(1, (learned + within) / run.experiences());
    }

    private void read(String line) {
        try {
            JsonNode event = JSON.readTree(line);
            switch (event.path("event").asString()) {
                case "step" ->
                    within = Math.min(
                            1,
                            event.path("step").asInt(0)
                                    / (double) Math.max(1, event.path("steps").asInt(1)));
                case "committed" -> {
                    if (!event.has("step")) {
                        learned++;
                        within = 0;
                    }
                }
                default -> {}
            }
        } catch (JacksonException e) {
            // A line that is still being written is read half; the next ones count again.
        }
    }

    @Override
    public void close() {
        if (reader != null) {
            try {
                reader.close();
            } catch (IOException e) {
                throw new UncheckedIOException(log + ": cannot be closed", e);
            }
        }
    }
}
