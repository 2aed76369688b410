package dev.perennial.benchmarks;

import ai.onnxruntime.OnnxTensor;
import dev.perennial.benchmarks.onnx.OnnxSession;
import dev.perennial.benchmarks.onnx.OnnxTowers;
import dev.perennial.clip.Clip;
import dev.perennial.clip.tensor.Precision;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The image tower at several batch sizes, beside ONNX Runtime on the same weights and pixels. */
final class ImageContenders implements AutoCloseable {
    private final Clip clip;
    private final Clip half;
    private final OnnxSession session;
    private final List<Tensor> inputs = new ArrayList<>();
    private final List<OnnxTensor> copies = new ArrayList<>();

    ImageContenders(Clip clip, Clip half, Path folder, int threads) {
        this.clip = clip;
        this.half = half;
        Path file = folder.resolve("image-tower.onnx");
        OnnxTowers.writeImageTower(clip, file);
        session = new OnnxSession(file, threads);
    }

    /** Returns the largest difference between our features and ONNX Runtime's. */
    double difference() {
        try (var _ = new TensorScope()) {
            Tensor pixels = pixels(2);
            Tensor ours = TensorScope.computeWithoutGradient(() -> clip.encodeImages(pixels));
            try (OnnxTensor copy = copy(pixels)) {
                return Differences.largest(Tensors.toFloats(ours), session.run(copy));
            }
        }
    }

    List<Contender> at(int... batches) {
        List<Contender> contenders = new ArrayList<>();
        for (int batch : batches) {
            Tensor pixels = pixels(batch);
            OnnxTensor copy = copy(pixels);
            inputs.add(pixels);
            copies.add(copy);
            double work = batch * Work.image(clip.config());
            contenders.add(new Contender(
                    "images",
                    batch,
                    Precision.FLOAT32,
                    work,
                    () -> encode(clip, pixels),
                    Optional.of(() -> session.run(copy))));
            contenders.add(new Contender(
                    "images", batch, Precision.BFLOAT16, work, () -> encode(half, pixels), Optional.empty()));
        }
        return contenders;
    }

    private static void encode(Clip clip, Tensor pixels) {
        try (var _ = new TensorScope()) {
            TensorScope.computeWithoutGradient(() -> clip.encodeImages(pixels));
        }
    }

    private Tensor pixels(int batch) {
        int size = clip.config().vision().imageSize();
        return TensorScope.computeWithoutGradient(() -> torch.randn(batch, 3, size, size));
    }

    private OnnxTensor copy(Tensor pixels) {
        return session.tensor(Tensors.toFloats(pixels), pixels.shape());
    }

    @Override
    public void close() {
        inputs.forEach(Tensor::close);
        copies.forEach(OnnxTensor::close);
        session.close();
    }
}
