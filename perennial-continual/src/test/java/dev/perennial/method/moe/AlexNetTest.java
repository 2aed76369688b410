package dev.perennial.method.moe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.Clip;
import dev.perennial.clip.TensorStorage;
import dev.perennial.clip.TinyClip;
import dev.perennial.clip.checkpoint.CheckpointException;
import dev.perennial.clip.checkpoint.Safetensors;
import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlexNetTest {
    private static final int[][] SHAPES = {
        {0, 64, 3, 11}, {3, 192, 64, 5}, {6, 384, 192, 3}, {8, 256, 384, 3}, {10, 256, 256, 3}
    };

    @TempDir
    Path folder;

    /** Writes a network that passes the first channel on from centre to centre, the last time with this factor. */
    private Path passing(float last) {
        Path file = folder.resolve("alexnet.safetensors");
        List<StoredTensor> tensors = new ArrayList<>();
        try (var _ = new TensorScope()) {
            for (int[] shape : SHAPES) {
                int kernel = shape[3];
                float[] weight = new float[shape[1] * shape[2] * kernel * kernel];
                weight[kernel / 2 * kernel + kernel / 2] = shape[0] == 10 ? last : 1;
                String name = "features." + shape[0];
                tensors.add(
                        TensorStorage.store(name + ".weight", Tensors.of(weight, shape[1], shape[2], kernel, kernel)));
                tensors.add(TensorStorage.store(name + ".bias", Tensors.of(new float[shape[1]], shape[1])));
            }
            Safetensors.write(file, tensors, Map.of());
        }
        return file;
    }

    private static float[] image(int size, float value) {
        float[] pixels = new float[3 * size * size];
        Arrays.fill(pixels, value);
        return pixels;
    }

    @Test
    void theFifthConvolutionIsSeenBeforeItsActivation() {
        try (Clip clip = TinyClip.create(5);
                AlexNet alexNet = AlexNet.read(passing(-2), clip);
                var _ = new TensorScope()) {
            float[] features = Tensors.toFloats(
                    alexNet.look(Tensors.of(image(224, 0.5F), 1, 3, 224, 224)).features());
            assertThat(features).hasSize(43_264);
            assertThat(Arrays.copyOf(features, 169)).containsOnly(-1F);
            assertThat(Arrays.copyOfRange(features, 169, features.length)).containsOnly(0F);
            float[] dark = Tensors.toFloats(
                    alexNet.look(Tensors.of(image(224, -0.5F), 1, 3, 224, 224)).features());
            assertThat(dark).containsOnly(0F);
        }
    }

    @Test
    void whatIsNotAlexNetOrTooSmallForItIsRefused() {
        Path other = folder.resolve("other.safetensors");
        try (Clip clip = TinyClip.create(5);
                var _ = new TensorScope()) {
            Safetensors.write(
                    other, List.of(TensorStorage.store("features.0.weight", Tensors.of(new float[4], 2, 2))), Map.of());
            assertThatThrownBy(() -> AlexNet.read(other, clip))
                    .hasMessageContaining("other.safetensors")
                    .hasMessageContaining("not torchvision's AlexNet");
            Safetensors.write(other, List.of(TensorStorage.store("x", Tensors.of(new float[4], 2, 2))), Map.of());
            assertThatThrownBy(() -> AlexNet.read(other, clip))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("features.0.weight");
            try (AlexNet alexNet = AlexNet.read(passing(1), clip)) {
                assertThatThrownBy(() -> alexNet.look(Tensors.of(image(16, 1), 1, 3, 16, 16)))
                        .hasMessageContaining("at least 31 pixels");
            }
        }
    }
}
