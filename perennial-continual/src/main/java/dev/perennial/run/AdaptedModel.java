package dev.perennial.run;

import dev.perennial.clip.Clip;
import dev.perennial.clip.checkpoint.CheckpointOptions;
import dev.perennial.clip.checkpoint.TensorFile;
import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.text.Tokenizer;
import dev.perennial.method.AdaptedClip;
import dev.perennial.method.Method;
import dev.perennial.method.PlainClip;
import dev.perennial.train.checkpoint.StoredCheckpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model to use: a plain CLIP, or what a run has made of one so far. */
public final class AdaptedModel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdaptedModel.class);

    private final AdaptedClip adapted;
    private final Tokenizer tokenizer;
    private final Preprocessing preprocessing;
    private final boolean leavesPretrainedWeights;
    private final Runnable release;

    private AdaptedModel(AdaptedClip adapted, Clip clip, boolean leavesPretrainedWeights, Runnable release) {
        this.adapted = adapted;
        this.tokenizer = clip.tokenizer();
        this.preprocessing = clip.preprocessing();
        this.leavesPretrainedWeights = leavesPretrainedWeights;
        this.release = release;
    }

    /**
     * Opens a model folder or file, or the current model of a run folder: its newest committed checkpoint, or the newest promoted one
     * where the run follows a folder.
     *
     * @param models finds the pretrained model of a run
     * @throws ConfigException if a run has no checkpoint, or its pretrained model is gone or has changed
     * @throws dev.perennial.clip.checkpoint.CheckpointException if a file is damaged or holds no CLIP model
     */
    public static AdaptedModel open(Path path, ModelSource models) {
        return open(path, models, CheckpointOptions.NONE);
    }

    /** Opens a model whose checkpoint does not state everything; a run states all, so it takes no options. */
    public static AdaptedModel open(Path path, ModelSource models, CheckpointOptions options) {
        if (isRun(path)) {
            if (!options.equals(CheckpointOptions.NONE)) {
                throw new ConfigException(
                        path + ": is a run, which states its model's activation; leave the option out");
            }
            return ofRun(path, models);
        }
        return plain(Clip.load(path, options));
    }

    /** Tells whether a path is the folder of a run. */
    public static boolean isRun(Path path) {
        return Files.isRegularFile(path.resolve(RunFolder.CONFIG));
    }

    /**
     * Opens a pretrained model with the adapters of a file.
     *
     * @throws ConfigException if they were learned with other weights
     * @throws dev.perennial.clip.checkpoint.CheckpointException if a file is damaged, or no adapter
     */
    public static AdaptedModel withAdapter(Path path, CheckpointOptions options, Path adapterFile) {
        if (isRun(path)) {
            throw new ConfigException(path + ": is a run, which has adapters of its own; give the pretrained model, or"
                    + " leave the adapter out");
        }
        try (AdapterFile adapter = AdapterFile.open(adapterFile);
                PretrainedModel model = PretrainedModel.load(path, options)) {
            adapter.requireModel(model);
            return adapter.restore(model.handOver());
        }
    }

    /** A plain model, which is closed with this. */
    static AdaptedModel plain(Clip clip) {
        return new AdaptedModel(new PlainClip(clip), clip, true, clip::close);
    }

    /** What a method has made of a model; both are closed with this. */
    static AdaptedModel of(Method method, Clip clip) {
        return new AdaptedModel(method.adapted(), clip, method.leavesPretrainedWeights(), method::close);
    }

    private static AdaptedModel ofRun(Path folder, ModelSource models) {
        RunConfig config =
                RunConfig.read(folder.resolve(RunFolder.CONFIG), List.of()).config();
        if (CurrentModel.promoted(folder).orElse(1) == 0) {
            return plain(pretrained(folder, config, models));
        }
        StoredCheckpoint checkpoint = newest(folder);
        RunState state = RunState.read(checkpoint);
        if (!state.method().equals(config.method())) {
            throw new ConfigException(checkpoint.path() + ": was made by the method '" + state.method()
                    + "', but the configuration of the run says '" + config.method() + "'");
        }
        Clip clip = pretrained(folder, config, models);
        try (TensorFile tensors = checkpoint.tensors(RunState.METHOD)) {
            return of(Adaptation.of(config, state).restore(folder.toString(), clip, tensors.tensors()), clip);
        }
    }

    private static Clip pretrained(Path folder, RunConfig config, ModelSource models) {
        RunOrigin origin = RunOrigin.read(folder);
        try (PretrainedModel model = PretrainedModel.load(origin.findModel(folder, config, models))) {
            origin.requireModel(folder, model);
            return model.handOver();
        }
    }

    /** Returns the newest whole checkpoint after an experience; in the middle of one, a method need not be fit for use. */
    static StoredCheckpoint newest(Path folder) {
        List<String> damaged = new ArrayList<>();
        Optional<StoredCheckpoint> newest =
                CurrentModel.newest(folder, (path, damage) -> damaged.add(path + " is damaged (" + damage + ")"));
        if (newest.isEmpty() && damaged.isEmpty()) {
            throw new ConfigException(
                    folder + ": the run has no committed checkpoint yet; wait until its first experience is learned");
        }
        damaged.forEach(damage -> LOG.warn("{} and left out", damage));
        return newest.orElseThrow(() -> new ConfigException(damaged.getFirst()
                + ", and there is no whole one before it; go on with 'perennial resume " + folder + "'"));
    }

    /** Returns the model that embeds and classifies; valid until this is closed. */
    public AdaptedClip clip() {
        return adapted;
    }

    /** Returns the tokenizer, at the model's context length. */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** Returns how images are prepared. */
    public Preprocessing preprocessing() {
        return preprocessing;
    }

    /** Tells whether the weights of the pretrained model are as they were, so that what was learned can be kept apart from it. */
    boolean leavesPretrainedWeights() {
        return leavesPretrainedWeights;
    }

    @Override
    public void close() {
        release.run();
    }
}
