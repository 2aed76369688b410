package dev.perennial.clip.tower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.TinyClip;
import dev.perennial.clip.checkpoint.ParameterShapes;
import dev.perennial.clip.config.Activation;
import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.ResNetConfig;
import dev.perennial.clip.config.TextConfig;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.config.VitConfig;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InitializationTest {
    private static final TextConfig TEXT =
            new TextConfig(12, 300, 299, TransformerConfig.of(64, 3, 2, Activation.QUICK_GELU));
    private static final ClipConfig VIT =
            new ClipConfig(32, new VitConfig(32, 8, TransformerConfig.of(64, 2, 2, Activation.QUICK_GELU)), TEXT);
    private static final ClipConfig RES_NET = new ClipConfig(32, new ResNetConfig(64, List.of(1, 2, 1, 1), 8, 4), TEXT);

    static Stream<ClipConfig> configs() {
        return Stream.of(VIT, RES_NET, TinyClip.config());
    }

    @ParameterizedTest
    @MethodSource("configs")
    void namesAndShapesAreThoseOfACheckpoint(ClipConfig config) {
        try (Parameters drawn = Initialization.draw(config, new RandomStream(1))) {
            Map<String, List<Long>> shapes = new LinkedHashMap<>();
            drawn.asMap()
                    .forEach((name, tensor) -> shapes.put(
                            name, Arrays.stream(tensor.shape()).boxed().toList()));
            assertThat(shapes).containsExactlyInAnyOrderEntriesOf(ParameterShapes.of(config));
            assertThat(drawn.count()).isEqualTo(config.parameterCount());
            assertThat(drawn.trained()).isEmpty();
        }
    }

    @Test
    void theSameSeedDrawsTheSameWeightsAndAnotherDrawsOthers() {
        try (Parameters first = Initialization.draw(VIT, new RandomStream(1));
                Parameters again = Initialization.draw(VIT, new RandomStream(1));
                Parameters other = Initialization.draw(VIT, new RandomStream(2))) {
            for (String name : first.names()) {
                assertThat(values(again, name)).isEqualTo(values(first, name));
            }
            assertThat(values(other, "visual.proj")).isNotEqualTo(values(first, "visual.proj"));
        }
    }

    @Test
    void deviationsAreThoseOfTheOriginalCode() {
        try (Parameters drawn = Initialization.draw(VIT, new RandomStream(3))) {
            assertDeviation(drawn, "token_embedding.weight", 0.02);
            assertDeviation(drawn, "positional_embedding", 0.01);
            assertDeviation(drawn, "text_projection", 0.125);
            assertDeviation(drawn, "visual.proj", 0.125);
            assertDeviation(drawn, "visual.positional_embedding", 0.125);
            assertDeviation(drawn, "transformer.resblocks.2.attn.in_proj_weight", 0.125);
            assertDeviation(drawn, "transformer.resblocks.2.attn.out_proj.weight", 0.125 / Math.sqrt(6));
            assertDeviation(drawn, "transformer.resblocks.2.mlp.c_proj.weight", 0.125 / Math.sqrt(6));
            assertDeviation(drawn, "transformer.resblocks.2.mlp.c_fc.weight", Math.pow(128, -0.5));
            // A uniform distribution up to a bound deviates by the bound over the root of three.
            assertDeviation(drawn, "visual.conv1.weight", Math.pow(3 * 8 * 8, -0.5) / Math.sqrt(3));
            assertDeviation(drawn, "visual.transformer.resblocks.0.mlp.c_fc.weight", 0.125 / Math.sqrt(3));
            assertThat(values(drawn, "logit_scale")).containsExactly((float) Math.log(1 / 0.07));
            assertThat(values(drawn, "ln_final.weight")).containsOnly(1);
            assertThat(values(drawn, "transformer.resblocks.0.attn.in_proj_bias"))
                    .containsOnly(0);
        }
    }

    @Test
    void everyBlockOfAResidualNetworkStartsAsTheIdentity() {
        try (Parameters drawn = Initialization.draw(RES_NET, new RandomStream(4))) {
            assertThat(values(drawn, "visual.layer2.1.bn3.weight")).containsOnly(0);
            assertThat(values(drawn, "visual.bn3.weight")).containsOnly(1);
            assertThat(values(drawn, "visual.layer1.0.bn1.running_var")).containsOnly(1);
            assertDeviation(drawn, "visual.attnpool.k_proj.weight", Math.pow(256, -0.5));
        }
    }

    private static void assertDeviation(Parameters parameters, String name, double expected) {
        float[] values = values(parameters, name);
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        assertThat(Math.sqrt(sum / values.length)).as(name).isCloseTo(expected, within(0.1 * expected));
    }

    private static float[] values(Parameters parameters, String name) {
        return Tensors.toFloats(parameters.get(name));
    }
}
