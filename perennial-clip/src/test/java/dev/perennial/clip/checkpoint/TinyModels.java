package dev.perennial.clip.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.clip.config.Activation;
import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.ResNetConfig;
import dev.perennial.clip.config.TextConfig;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.config.VitConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Models of a few thousand random weights. */
final class TinyModels {
    private static final TextConfig TEXT =
            new TextConfig(7, 30, 29, TransformerConfig.of(64, 2, 1, Activation.QUICK_GELU));
    static final ClipConfig VIT =
            new ClipConfig(16, new VitConfig(16, 8, TransformerConfig.of(64, 1, 1, Activation.QUICK_GELU)), TEXT);
    static final ClipConfig RES_NET = new ClipConfig(16, new ResNetConfig(64, List.of(1, 2, 1, 1), 8, 4), TEXT);

    private TinyModels() {}

    static Map<String, StoredTensor> weights(ClipConfig config, long seed) {
        Random random = new Random(seed);
        Map<String, StoredTensor> weights = new LinkedHashMap<>();
        ParameterShapes.of(config).forEach((name, dimensions) -> {
            long[] shape = dimensions.stream().mapToLong(Long::longValue).toArray();
            float[] values = new float[(int) Shapes.elements(name, shape)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            weights.put(name, StoredTensor.ofFloats(name, shape, values));
        });
        return weights;
    }

    static void assertSame(Map<String, StoredTensor> actual, Map<String, StoredTensor> expected) {
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, tensor) -> assertThat(actual).hasEntrySatisfying(name, other -> {
            assertThat(other.name()).isEqualTo(name);
            assertThat(other.shape()).isEqualTo(tensor.shape());
            assertThat(other.data().mismatch(tensor.data())).isEqualTo(-1);
        }));
    }
}
