package dev.perennial.run;

import dev.perennial.clip.checkpoint.Checkpoint;
import dev.perennial.clip.checkpoint.CheckpointOptions;
import dev.perennial.clip.checkpoint.CheckpointReader;
import dev.perennial.train.checkpoint.StoredCheckpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Hashes of everything that decides what a model answers. */
public final class ModelFingerprint {
    /** Larger files are weights, which are hashed by themselves, or no part of a model. */
    private static final long MAX_SETTINGS_BYTES = 32 << 20;

    private ModelFingerprint() {}

    /**
     * Returns a SHA-256 of a model's weights and settings, or of a run's current checkpoint with the model that it started from.
     *
     * @throws ConfigException if a run has no whole checkpoint, or its pretrained model is gone
     * @throws dev.perennial.clip.checkpoint.CheckpointException if a file is damaged or holds no CLIP model
     */
    public static String of(Path path, ModelSource models, CheckpointOptions options) {
        if (!AdaptedModel.isRun(path)) {
            return plain(path, options);
        }
        RunConfig config =
                RunConfig.read(path.resolve(RunFolder.CONFIG), List.of()).config();
        Path pretrained = RunOrigin.read(path).findModel(path, config, models);
        if (CurrentModel.promoted(path).orElse(1) == 0) {
            return plain(pretrained, CheckpointOptions.NONE);
        }
        StoredCheckpoint checkpoint = CurrentModel.newest(path, (_, _) -> {})
                .orElseThrow(() -> new ConfigException(
                        path + ": the run has no whole checkpoint yet; wait until its first experience is learned"));
        RunState state = RunState.read(checkpoint);
        return Hashes.sha256(String.join(
                "\n",
                plain(pretrained, CheckpointOptions.NONE),
                config.method(),
                config.options().toString(),
                state.methodRecord().toString(),
                Hashes.sha256(checkpoint.path().resolve(RunState.METHOD + ".safetensors"))));
    }

    private static String plain(Path path, CheckpointOptions options) {
        String weights;
        try (Checkpoint checkpoint = CheckpointReader.open(path, options)) {
            weights = checkpoint.sha256();
        }
        String settings = Files.isDirectory(path) ? settings(path) : "";
        return Hashes.sha256(weights + "\n" + options + "\n" + settings);
    }

    private static String settings(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(ModelFingerprint::isSetting)
                    .sorted()
                    .map(file -> file.getFileName() + " " + Hashes.sha256(file))
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be listed", e);
        }
    }

    private static boolean isSetting(Path file) {
        try {
            return Files.isRegularFile(file)
                    && file.toString().matches(".*\\.(json|txt|model|gz)")
                    && Files.size(file) <= MAX_SETTINGS_BYTES;
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read", e);
        }
    }
}
