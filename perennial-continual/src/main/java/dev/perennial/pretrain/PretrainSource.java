package dev.perennial.pretrain;

import dev.perennial.data.DatasetSpec;
import java.util.List;
import java.util.Optional;

/**
 * A data set that a model is pretrained on.
 *
 * @param data where it lies; its classes and templates describe an image where captions do not
 * @param weight share of the samples that come from it, relative to the other sources
 * @param captions languages whose captions describe an image; absent to describe it by its class in a template
 */
public record PretrainSource(DatasetSpec data, double weight, Optional<List<String>> captions) {
    /** Checks the weight. */
    public PretrainSource {
        if (!(weight > 0)) {
            throw new IllegalArgumentException("weight must be positive but is " + weight);
        }
    }
}
