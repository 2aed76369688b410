package dev.perennial.judge;

import dev.perennial.clip.checkpoint.CheckpointOptions;
import dev.perennial.run.AdaptedModel;
import dev.perennial.run.ModelFingerprint;
import dev.perennial.run.ModelSource;
import java.nio.file.Path;

/**
 * A model that is judged; opened only if a result is not known yet.
 *
 * @param name what it is called in results
 * @param path its folder or file, or the folder of a run
 * @param models finds the pretrained model of a run
 * @param options what its checkpoint does not state
 */
public record ModelUnderTest(String name, Path path, ModelSource models, CheckpointOptions options) {
    /** Returns a hash of everything that decides its answers. */
    String fingerprint() {
        return ModelFingerprint.of(path, models, options);
    }

    AdaptedModel open() {
        return AdaptedModel.open(path, models, options);
    }
}
