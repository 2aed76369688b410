package dev.perennial.method;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A part of CLIP that a configuration can choose to train. */
public enum Part {
    /** Everything of the image tower but its projection. */
    @JsonProperty("image-tower")
    IMAGE_TOWER,
    /** The image tower's projection into the joint space. */
    @JsonProperty("image-projection")
    IMAGE_PROJECTION,
    /** Everything of the text tower but token embeddings and projection. */
    @JsonProperty("text-tower")
    TEXT_TOWER,
    /** One row for each token of the vocabulary. */
    @JsonProperty("token-embedding")
    TOKEN_EMBEDDING,
    /** The text tower's projection into the joint space. */
    @JsonProperty("text-projection")
    TEXT_PROJECTION,
    /** What {@code options.modules} adds to the model. */
    @JsonProperty("modules")
    MODULES,
    /** The factor on the cosines, which most methods keep frozen. */
    @JsonProperty("logit-scale")
    LOGIT_SCALE;

    /** Returns the part that a parameter belongs to, by its official name. */
    public static Part of(String parameter) {
        return switch (parameter) {
            case "visual.proj" -> IMAGE_PROJECTION;
            case "text_projection" -> TEXT_PROJECTION;
            case "token_embedding.weight" -> TOKEN_EMBEDDING;
            case "logit_scale" -> LOGIT_SCALE;
            default -> {
                if (parameter.startsWith("modules.")) {
                    yield MODULES;
                }
                if (parameter.startsWith("visual.attnpool.c_proj.")) {
                    yield IMAGE_PROJECTION;
                }
                yield parameter.startsWith("visual.") ? IMAGE_TOWER : TEXT_TOWER;
            }
        };
    }
}
