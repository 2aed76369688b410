package dev.perennial.clip.checkpoint;

import java.util.Optional;
import java.util.Set;

/** How the parameters of a CLIP model are named and shaped in a file. */
public enum Layout {
    /** OpenAI's and open_clip's names, the text tower's with or without the prefix {@code text.}; the engine's own names. */
    OPENAI,
    /** Names of Hugging Face's {@code CLIPModel}: split attention projections, transposed projections to the joint space. */
    HUGGING_FACE;

    /** Returns the layout of these names, or nothing if they are not those of a CLIP model. */
    public static Optional<Layout> of(Set<String> names) {
        if (names.contains("vision_model.embeddings.patch_embedding.weight")) {
            return Optional.of(HUGGING_FACE);
        }
        return names.contains("visual.conv1.weight") ? Optional.of(OPENAI) : Optional.empty();
    }
}
