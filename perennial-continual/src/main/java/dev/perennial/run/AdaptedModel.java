package dev.perennial.run;

import dev.perennial.clip.Clip;
import dev.perennial.clip.checkpoint.CheckpointOptions;
import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.text.Tokenizer;
import dev.perennial.method.AdaptedClip;
import dev.perennial.method.Method;
import dev.perennial.method.PlainClip;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A model to use: a plain CLIP, or what a run has made of one so far. */
public final class AdaptedModel implements AutoCloseable {
    private final AdaptedClip adapted;
    private final Tokenizer tokenizer;
    private final Preprocessing preprocessing;
    private final Runnable release;

    private AdaptedModel(AdaptedClip adapted, Clip clip, Runnable release) {
        this.adapted = adapted;
        this.tokenizer = clip.tokenizer();
        this.preprocessing = clip.preprocessing();
        this.release = release;
    }

    /**
     * Opens a model folder or file, or the newest committed checkpoint of a run folder.
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
        Clip clip = Clip.load(path, options);
        return new AdaptedModel(new PlainClip(clip), clip, clip::close);
    }

    /** Tells whether a path is the folder of a run. */
    public static boolean isRun(Path path) {
        return Files.isRegularFile(path.resolve(RunFolder.CONFIG));
    }

    private static AdaptedModel ofRun(Path folder, ModelSource models) {
        Checkpoints.Committed checkpoint = new Checkpoints(folder.resolve(RunFolder.CHECKPOINTS))
                .newest()
                .orElseThrow(() -> new ConfigException(folder
                        + ": the run has no committed checkpoint yet; wait until its first experience is learned"));
        RunConfig config =
                RunConfig.read(folder.resolve(RunFolder.CONFIG), List.of()).config();
        Checkpoints.CheckpointRecord record = checkpoint.record();
        if (!record.method().equals(config.method())) {
            throw new ConfigException(checkpoint.path() + ": was made by the method '" + record.method()
                    + "', but the configuration of the run says '" + config.method() + "'");
        }
        Clip clip = pretrained(folder, config, record, models);
        Method method = MethodCatalog.require(folder.toString(), config.method())
                .create(clip, config.options(), MethodContexts.use(config, clip.preprocessing()));
        boolean complete = false;
        try {
            method.restore(checkpoint.state());
            AdaptedModel model = new AdaptedModel(method.adapted(), clip, method::close);
            complete = true;
            return model;
        } finally {
            if (!complete) {
                method.close();
            }
        }
    }

    private static Clip pretrained(
            Path folder, RunConfig config, Checkpoints.CheckpointRecord record, ModelSource models) {
        // Where it lay at training comes first: the configuration may name it relative to a folder that is not known
        // here.
        Path recorded = Path.of(record.modelPath());
        Path path = Files.exists(recorded) ? recorded : elsewhere(folder, config, recorded, models);
        try (PretrainedModel model = PretrainedModel.load(path)) {
            if (!model.sha256().equals(record.modelSha256())) {
                throw new ConfigException(folder + ": was trained from weights with SHA-256 " + record.modelSha256()
                        + ", but those of " + path + " have " + model.sha256()
                        + "; put the pretrained model back that it was trained from");
            }
            return model.handOver();
        }
    }

    private static Path elsewhere(Path folder, RunConfig config, Path recorded, ModelSource models) {
        try {
            return models.find(config.model(), folder);
        } catch (ConfigException e) {
            throw new ConfigException(folder + ": its pretrained model '" + config.model() + "' is no longer at "
                    + recorded + "; put it back there, or pull it if it has a hub id");
        }
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

    @Override
    public void close() {
        release.run();
    }
}
