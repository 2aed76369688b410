package dev.perennial.method;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TowerTest {
    @ParameterizedTest
    @CsvSource({
        "visual.transformer.resblocks.0.ln_1.weight, IMAGE",
        "modules.image.0.lora.query.down, IMAGE",
        "image.3.experts.0.down.weight, IMAGE",
        "transformer.resblocks.0.ln_1.weight, TEXT",
        "token_embedding.weight, TEXT",
        "modules.text.0.adapter.mlp.up.bias, TEXT"
    })
    void theNameOfAParameterTellsItsTower(String parameter, Tower tower) {
        assertThat(Tower.of(parameter)).contains(tower);
    }

    @ParameterizedTest
    @CsvSource({"logit_scale", "temperature"})
    void whatScalesTheCosinesBelongsToNeither(String parameter) {
        assertThat(Tower.of(parameter)).isEmpty();
    }
}
