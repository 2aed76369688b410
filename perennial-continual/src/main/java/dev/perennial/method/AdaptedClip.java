package dev.perennial.method;

import dev.perennial.clip.Clip;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.bytedeco.pytorch.Tensor;

/** A CLIP that a method has adapted: what every use and every evaluation sees of it. */
public interface AdaptedClip {
    /** Embeds pixels {@code [batch, 3, size, size]} as normalised rows {@code [batch, embedDim]}, without a graph. */
    Tensor embedImages(Tensor pixels);

    /** Embeds texts as normalised rows {@code [batch, embedDim]}, without a graph. */
    Tensor embedTexts(List<String> texts);

    /** Returns the codes of the languages that its vocabulary was extended for, in order; none where it has only what it began with. */
    default List<String> languages() {
        return List.of();
    }

    /** Returns the same model as it reads texts of a language: itself, unless it splits the language's words in a way of its own. */
    default AdaptedClip in(String language) {
        return this;
    }

    /** Returns the model as a plain CLIP that any program for CLIP can use; absent where the method adds something to the architecture. */
    default Optional<Clip> exportable() {
        return Optional.empty();
    }

    /**
     * Returns a classifier over candidate classes; their prompts are encoded now, once.
     *
     * @param task index of the experience that the images are known to belong to; absent where nothing is known
     */
    ImageClassifier classifier(Candidates candidates, OptionalInt task);

    /**
     * Returns for each image the experience that it is taken for, or nothing where it is taken for none that was learned; absent
     * where the model makes no such decision.
     *
     * @param pixels {@code [batch, 3, size, size]}
     */
    default Optional<List<OptionalInt>> recognized(Tensor pixels) {
        return Optional.empty();
    }
}
