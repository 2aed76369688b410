package dev.perennial.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.config.ModelConfigs;
import org.junit.jupiter.api.Test;

class WorkTest {
    @Test
    void anImageCostsWhatItsLayersMultiply() {
        var config = ModelConfigs.find("ViT-B-32-openai").orElseThrow();
        double embedding = 2.0 * 49 * 768 * 3072;
        double layer = 2.0 * 50 * (4 * 768 * 768 + 2 * 768 * 3072) + 4.0 * 50 * 50 * 768;
        assertThat(Work.image(config)).isCloseTo(embedding + 12 * layer + 2.0 * 768 * 512, within(1.0));
    }
}
