package dev.perennial.cli;

import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.data.BadSample;
import dev.perennial.data.BadSamples;
import dev.perennial.data.BatchSampler;
import dev.perennial.data.Dataset;
import dev.perennial.data.DatasetException;
import dev.perennial.data.LoadedBatch;
import dev.perennial.data.Loader;
import dev.perennial.data.LoaderOptions;
import dev.perennial.data.Sample;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;

/** Runs images through a model batch by batch, decoding ahead; images that cannot be read are left out and listed. */
final class ImageBatches {
    /** Images that go through the model together. */
    static final int SIZE = 32;

    private final Dataset images;
    private final Preprocessing preprocessing;
    private final Progress progress;
    private final BadSamples bad = new BadSamples();

    ImageBatches(Dataset images, Preprocessing preprocessing, Progress progress) {
        this.images = images;
        this.preprocessing = preprocessing;
        this.progress = progress;
    }

    /**
     * Computes one row for each image.
     *
     * @param model from pixels {@code [batch, 3, size, size]} to {@code [batch, columns]}
     * @param result takes the path of an image and its row
     * @return why images were left out, one line each
     */
    List<String> forEach(String task, Function<Tensor, Tensor> model, BiConsumer<String, float[]> result) {
        // Nobody asked for all images to be good, so no share of bad ones is too large.
        var options = LoaderOptions.withSeed(0).withMaxBadShare(1);
        var sampler = BatchSampler.sequential(images.size(), SIZE);
        long done = 0;
        try (Loader loader =
                new Loader(images, sampler, sampler.start(), (image, _) -> preprocessing.apply(image), options, bad)) {
            while (hasNext(loader)) {
                LoadedBatch batch = loader.next();
                float[][] rows = rows(model, batch);
                for (int i = 0; i < rows.length; i++) {
                    Sample sample = batch.samples().get(i);
                    result.accept(sample.key(), rows[i]);
                }
                done += batch.size();
                if (images.size() > SIZE) {
                    progress.at(task, done, images.size() - bad.count(), "");
                }
            }
        }
        return bad.list().stream().map(BadSample::reason).toList();
    }

    /** The loader calls it an error when there is no good image at all; here each bad one is told anyway. */
    private boolean hasNext(Loader loader) {
        try {
            return loader.hasNext();
        } catch (DatasetException e) {
            if (bad.count() < images.size()) {
                throw e;
            }
            return false;
        }
    }

    private static float[][] rows(Function<Tensor, Tensor> model, LoadedBatch batch) {
        int size = batch.imageSize();
        try (var _ = new TensorScope()) {
            return Tensors.toRows(model.apply(Tensors.of(batch.pixels(), batch.size(), 3, size, size)));
        }
    }
}
