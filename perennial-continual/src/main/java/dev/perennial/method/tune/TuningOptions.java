package dev.perennial.method.tune;

import dev.perennial.method.Part;
import dev.perennial.method.module.ModuleOptions;
import dev.perennial.method.vocabulary.VocabularyOptions;
import java.util.Optional;
import java.util.Set;

/**
 * What all methods choose that train the model itself.
 *
 * @param train the parts to train; the logit scale stays frozen in the published methods
 * @param labelSmoothing share of the target spread over all classes, in {@code [0, 1)}
 * @param vocabulary how the vocabulary grows with the languages of captions; absent where it stays as it is
 * @param modules small parts that are added to the model, to be trained in place of its own or with them; none if absent
 */
public record TuningOptions(
        Set<Part> train,
        double labelSmoothing,
        Optional<VocabularyOptions> vocabulary,
        Optional<ModuleOptions> modules) {
    /** Leaves the vocabulary as it is. */
    public TuningOptions(Set<Part> train, double labelSmoothing) {
        this(train, labelSmoothing, Optional.empty(), Optional.empty());
    }

    /** Checks the ranges. */
    public TuningOptions {
        train = Set.copyOf(train);
        if (train.isEmpty()) {
            throw new IllegalArgumentException("train names no part; use the method 'frozen' to train nothing");
        }
        requireSmoothing(labelSmoothing);
        if (modules.isPresent() != train.contains(Part.MODULES)) {
            throw new IllegalArgumentException(
                    modules.isPresent()
                            ? "modules are there but not trained; set train to [modules], or name them with other parts"
                            : "train names modules, but there are none; say which in options.modules");
        }
        if (vocabulary.isPresent() && !train.contains(Part.TOKEN_EMBEDDING)) {
            throw new IllegalArgumentException("a vocabulary that grows needs token-embedding among what train names");
        }
        if (vocabulary
                .filter(grown -> grown.segmentation() == VocabularyOptions.Segmentation.KEPT)
                .isPresent()) {
            throw new IllegalArgumentException(
                    "vocabulary.segmentation: kept needs to know the language of every caption, which cll-clip alone does");
        }
    }

    /** Requires a share of the target that can be spread over all classes. */
    public static void requireSmoothing(double labelSmoothing) {
        if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
            throw new IllegalArgumentException("label-smoothing must be in [0, 1) but is " + labelSmoothing);
        }
    }
}
