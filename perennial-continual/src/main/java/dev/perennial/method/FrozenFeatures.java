package dev.perennial.method;

import dev.perennial.clip.Clip;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.tower.TokenBatch;
import dev.perennial.data.BatchSampler;
import dev.perennial.data.Dataset;
import dev.perennial.data.LoadedBatch;
import dev.perennial.data.Loader;
import dev.perennial.data.Sample;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** What a model that does not change makes of data: normalised features, computed once, without a graph. */
public final class FrozenFeatures {
    /** Texts that are encoded together. */
    private static final int CHUNK = 256;

    private FrozenFeatures() {}

    /**
     * Returns the features of all images of a data set by position, {@code [samples, embedDim]}; rows of bad samples are zero, and no
     * loader ever asks for them. The caller closes the tensor.
     */
    public static Tensor ofImages(Clip model, Dataset dataset, MethodContext context) {
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false);
                var _ = context.precision().begin()) {
            Tensor features =
                    torch.zeros(new long[] {dataset.size(), model.config().embedDim()});
            var order = BatchSampler.sequential(dataset.size(), context.images().batchSize());
            try (Loader loader = context.images().load(dataset, order, order.start())) {
                while (loader.hasNext()) {
                    put(features, model, loader.next());
                }
            }
            return features.retainReference();
        }
    }

    private static void put(Tensor features, Clip model, LoadedBatch batch) {
        try (var _ = new TensorScope()) {
            features.index_copy_(0, Tensors.indices(positions(batch)), ofBatch(model, pixels(batch)));
        }
    }

    /** Returns the features of pixels {@code [batch, 3, size, size]}. */
    public static Tensor ofBatch(Clip model, Tensor pixels) {
        return TensorScope.computeWithoutGradient(() -> Tensors.normalized(model.encodeImages(pixels)));
    }

    /** Returns the features of texts {@code [texts, embedDim]}, given as token ids from start to end token. */
    public static Tensor ofTexts(Clip model, List<int[]> texts) {
        return TensorScope.computeWithoutGradient(() -> {
            List<Tensor> chunks = new ArrayList<>();
            for (int from = 0; from < texts.size(); from += CHUNK) {
                List<int[]> chunk = texts.subList(from, Math.min(from + CHUNK, texts.size()));
                chunks.add(TensorScope.compute(() -> Tensors.normalized(
                        model.encodeTexts(TokenBatch.of(chunk, model.tokenizer().endId())))));
            }
            return Tensors.concat(0, chunks.toArray(Tensor[]::new));
        });
    }

    /** Returns the places of a batch's samples in their data set. */
    public static int[] positions(LoadedBatch batch) {
        return batch.samples().stream().mapToInt(Sample::position).toArray();
    }

    /** Returns the pixels of a batch, {@code [batch, 3, size, size]}. */
    public static Tensor pixels(LoadedBatch batch) {
        int size = batch.imageSize();
        return Tensors.of(batch.pixels(), batch.size(), 3, size, size);
    }
}
