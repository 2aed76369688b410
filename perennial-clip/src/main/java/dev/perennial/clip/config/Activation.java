package dev.perennial.clip.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The nonlinearity of the MLPs in the transformer blocks.
 *
 * <p>OpenAI's weights need {@link #QUICK_GELU}; most of LAION's need {@link #GELU}. The wrong one loads without complaint and
 * gives worse features, so every configuration states it.
 */
public enum Activation {
    /** {@code x * sigmoid(1.702 x)}. */
    @JsonProperty("quick_gelu")
    QUICK_GELU,
    /** {@code x * 0.5 (1 + erf(x / sqrt 2))}. */
    @JsonProperty("gelu")
    GELU;

    /** Returns the name used in configuration files: {@code quick_gelu} or {@code gelu}. */
    public String configName() {
        return switch (this) {
            case QUICK_GELU -> "quick_gelu";
            case GELU -> "gelu";
        };
    }

    /**
     * Returns the activation of this configuration name.
     *
     * @throws IllegalArgumentException if the name is neither {@code quick_gelu} nor {@code gelu}
     */
    public static Activation of(String configName) {
        for (Activation activation : values()) {
            if (activation.configName().equals(configName)) {
                return activation;
            }
        }
        throw new IllegalArgumentException(
                "unknown activation '" + configName + "'; CLIP models use 'quick_gelu' (OpenAI) or 'gelu'");
    }
}
