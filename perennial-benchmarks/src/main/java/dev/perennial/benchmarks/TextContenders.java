package dev.perennial.benchmarks;

import ai.onnxruntime.OnnxTensor;
import dev.perennial.benchmarks.onnx.OnnxSession;
import dev.perennial.benchmarks.onnx.OnnxTowers;
import dev.perennial.clip.Clip;
import dev.perennial.clip.tensor.Precision;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.tower.TokenBatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** The text tower on short prompts, cut after the longest and padded to the full context, beside ONNX Runtime. */
final class TextContenders implements AutoCloseable {
    private static final List<String> CLASS_NAMES = List.of(
            "aeroplane",
            "apple",
            "bicycle",
            "bridge",
            "camel",
            "chair",
            "dog",
            "guitar",
            "lighthouse",
            "mushroom",
            "orchid",
            "otter",
            "sunflower",
            "telephone",
            "tram",
            "wolf");
    private static final List<String> TEMPLATES =
            List.of("a photo of a %s.", "a drawing of a %s.", "a blurry photo of a %s.", "a photo of a small %s.");

    private final Clip clip;
    private final Clip half;
    private final OnnxSession session;
    private final List<OnnxTensor> inputs = new ArrayList<>();

    TextContenders(Clip clip, Clip half, Path folder, int threads) {
        this.clip = clip;
        this.half = half;
        Path file = folder.resolve("text-tower.onnx");
        OnnxTowers.writeTextTower(clip, file);
        session = new OnnxSession(file, threads);
    }

    /** Returns this many short prompts. */
    static List<String> prompts(int count) {
        List<String> prompts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            prompts.add(TEMPLATES
                    .get(i / CLASS_NAMES.size() % TEMPLATES.size())
                    .formatted(CLASS_NAMES.get(i % CLASS_NAMES.size())));
        }
        return prompts;
    }

    /** Returns the largest difference between our features and ONNX Runtime's. */
    double difference() {
        TokenBatch texts = clip.tokens(prompts(32));
        try (var _ = new TensorScope();
                OnnxTensor copy = copy(prompts(32), texts.length())) {
            Tensor ours = TensorScope.computeWithoutGradient(() -> clip.encodeTexts(texts));
            return Differences.largest(Tensors.toFloats(ours), session.run(copy));
        }
    }

    List<Contender> at(int batch) {
        List<String> prompts = prompts(batch);
        TokenBatch cut = clip.tokens(prompts);
        TokenBatch full = cut.paddedTo(clip.config().text().contextLength());
        List<Contender> contenders = new ArrayList<>();
        for (TokenBatch texts : List.of(cut, full)) {
            OnnxTensor copy = copy(prompts, texts.length());
            inputs.add(copy);
            String what = "texts, " + texts.length() + " tokens";
            double work = batch * Work.text(clip.config(), texts.length());
            contenders.add(new Contender(
                    what,
                    batch,
                    Precision.FLOAT32,
                    work,
                    () -> encode(clip, texts),
                    Optional.of(() -> session.run(copy))));
            contenders.add(
                    new Contender(what, batch, Precision.BFLOAT16, work, () -> encode(half, texts), Optional.empty()));
        }
        return contenders;
    }

    private static void encode(Clip clip, TokenBatch texts) {
        try (var _ = new TensorScope()) {
            TensorScope.computeWithoutGradient(() -> clip.encodeTexts(texts));
        }
    }

    private OnnxTensor copy(List<String> prompts, int length) {
        long[] ids = new long[prompts.size() * length];
        for (int row = 0; row < prompts.size(); row++) {
            int[] text = clip.tokenizer().encodeWhole(prompts.get(row));
            for (int i = 0; i < text.length; i++) {
                ids[row * length + i] = text[i];
            }
        }
        return session.tensor(ids, prompts.size(), length);
    }

    @Override
    public void close() {
        inputs.forEach(OnnxTensor::close);
        session.close();
    }
}
