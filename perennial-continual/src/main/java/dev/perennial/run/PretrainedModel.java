package dev.perennial.run;

import dev.perennial.clip.Clip;
import dev.perennial.clip.checkpoint.Checkpoint;
import dev.perennial.clip.checkpoint.CheckpointOptions;
import dev.perennial.clip.checkpoint.CheckpointReader;
import java.nio.file.Path;

/** The model that a run starts from, with the hash of its weight file. */
final class PretrainedModel implements AutoCloseable {
    private final Clip clip;
    private final Path path;
    private final String sha256;
    private boolean handedOver;

    private PretrainedModel(Clip clip, Path path, String sha256) {
        this.clip = clip;
        this.path = path;
        this.sha256 = sha256;
    }

    static PretrainedModel load(Path path) {
        return load(path, CheckpointOptions.NONE);
    }

    static PretrainedModel load(Path path, CheckpointOptions options) {
        try (Checkpoint checkpoint = CheckpointReader.open(path, options)) {
            return new PretrainedModel(
                    Clip.load(path, options), path.toAbsolutePath().normalize(), checkpoint.sha256());
        }
    }

    Clip clip() {
        return clip;
    }

    String name() {
        return path.getFileName().toString();
    }

    /** Returns the absolute path that it was read from. */
    Path path() {
        return path;
    }

    String sha256() {
        return sha256;
    }

    /** Returns the model for a method that closes it itself. */
    Clip handOver() {
        handedOver = true;
        return clip;
    }

    @Override
    public void close() {
        if (!handedOver) {
            clip.close();
        }
    }
}
