package dev.perennial.run;

import dev.perennial.clip.checkpoint.CheckpointOptions;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Several sets of adapters loaded over one copy of a CLIP's weights; which one is used is chosen call by call.
 *
 * <pre>{@code
 * try (AdapterSets sets = AdapterSets.over(Path.of("models/vit-b-16"))) {
 *     sets.load("birds", Path.of("birds.safetensors"));
 *     sets.load("tools", Path.of("tools.safetensors"));
 *     Tensor seenAsABird = sets.use("birds").clip().embedImages(pixels);
 *     Tensor seenAsATool = sets.use("tools").clip().embedImages(pixels);
 *     Tensor asBefore = sets.pretrained().clip().embedImages(pixels);
 * }
 * }</pre>
 *
 * <p>A set can be loaded or removed while others are in use; the sets themselves are not guarded against calls at the same time.
 */
public final class AdapterSets implements AutoCloseable {
    private final PretrainedModel model;
    private final AdaptedModel pretrained;
    private final Map<String, AdaptedModel> sets = new LinkedHashMap<>();

    private AdapterSets(PretrainedModel model) {
        this.model = model;
        this.pretrained = AdaptedModel.plain(model.clip().sharing());
    }

    /**
     * Loads the pretrained model that the adapters were learned with.
     *
     * @throws dev.perennial.clip.checkpoint.CheckpointException if it cannot be read
     */
    public static AdapterSets over(Path model) {
        return over(model, CheckpointOptions.NONE);
    }

    /** The same with a model whose checkpoint does not state everything. */
    public static AdapterSets over(Path model, CheckpointOptions options) {
        return new AdapterSets(PretrainedModel.load(model, options));
    }

    /**
     * Loads what an adapter file holds.
     *
     * @param name for {@link #use}
     * @return the adapted model, which lives until its set is removed or this is closed
     * @throws ConfigException if the name is taken, or the adapters were learned with other weights
     * @throws dev.perennial.clip.checkpoint.CheckpointException if the file is damaged, or no adapter
     */
    public AdaptedModel load(String name, Path file) {
        if (sets.containsKey(name)) {
            throw new ConfigException("there is a set of adapters named '" + name + "' already; remove it first");
        }
        try (AdapterFile adapter = AdapterFile.open(file)) {
            adapter.requireModel(model);
            AdaptedModel adapted = adapter.restore(model.clip().sharing());
            sets.put(name, adapted);
            return adapted;
        }
    }

    /**
     * Returns the model with a set of adapters.
     *
     * @throws ConfigException if none of this name is loaded
     */
    public AdaptedModel use(String name) {
        AdaptedModel set = sets.get(name);
        if (set == null) {
            throw new ConfigException(Suggestion.unknown("set of adapters", name, sets.keySet()));
        }
        return set;
    }

    /** Returns the model without adapters. */
    public AdaptedModel pretrained() {
        return pretrained;
    }

    /** Returns the names of the loaded sets, in the order of loading. */
    public Set<String> names() {
        return Collections.unmodifiableSet(sets.keySet());
    }

    /** Frees a set of adapters; the model and the other sets stay. */
    public void remove(String name) {
        use(name).close();
        sets.remove(name);
    }

    @Override
    public void close() {
        sets.values().forEach(AdaptedModel::close);
        sets.clear();
        pretrained.close();
        model.close();
    }
}
