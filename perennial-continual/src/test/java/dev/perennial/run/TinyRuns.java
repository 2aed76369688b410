package dev.perennial.run;

import dev.perennial.clip.Clip;
import dev.perennial.clip.TinyClip;
import dev.perennial.clip.checkpoint.StoredType;
import dev.perennial.data.Pictures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A tiny model, two tiny tasks and a control set in a folder, and runs over them. */
final class TinyRuns {
    private static final String CONFIG = """
            name: tiny
            model: model
            seed: 3
            training: {steps: 40, learning-rate: 3.0e-3, warm-up: 0, batch-size: 6, threads: 2}
            evaluation: {batch-size: 3, pictures: 2}
            stream:
              name: colours
              tasks:
                - {name: warm, data: {path: warm}}
                - {name: cold, data: {path: cold}}
              control:
                - {name: pale, data: {path: pale}}
            """;

    final Path folder;
    final List<RunEvent> events = new ArrayList<>();

    TinyRuns(Path folder) {
        this.folder = folder;
    }

    static TinyRuns in(Path folder) {
        try (Clip clip = TinyClip.create(11)) {
            clip.save(folder.resolve("model"), StoredType.F32);
        }
        Pictures.write(folder.resolve("warm"), 5, 4, "red", "yellow");
        Pictures.write(folder.resolve("cold"), 5, 4, "blue", "green");
        Pictures.write(folder.resolve("pale"), 1, 3, "white", "grey");
        return new TinyRuns(folder);
    }

    /** Writes a configuration and reads it. */
    RunConfig.Resolved config(String method, String... overrides) {
        return RunConfig.read(write("config.yaml", "method: " + method + "\n" + CONFIG), List.of(overrides));
    }

    Path write(String name, String content) {
        Path file = folder.resolve(name);
        try {
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    /** Runs a method and returns the folder of the run. */
    Path run(String output, String method, String... overrides) {
        Path run = folder.resolve(output);
        new AdaptRun(config(method, overrides), models(), folder.resolve("cache"), events::add).execute(run);
        return run;
    }

    ModelSource models() {
        return new ModelSource(Map.of(), folder.resolve("pulled"));
    }
}
