package dev.perennial.method.moe;

import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.data.BatchSampler;
import java.util.Iterator;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/** Trains one autoencoder by Adam, whose weight decay is part of the gradient. */
final class AutoencoderTraining implements AutoCloseable {
    private static final int EPOCHS_OF_A_RATE = 10;
    private static final double RATE_FACTOR = 0.1;
    /** After more, a small task would come to its tenth epoch in no time and learn no further. */
    private static final int MOST_DROPS = 2;

    private final Autoencoder autoencoder;
    private final Adam adam;

    AutoencoderTraining(Autoencoder autoencoder, double weightDecay) {
        this.autoencoder = autoencoder;
        autoencoder.parameters().values().forEach(tensor -> tensor.set_requires_grad(true));
        try (var _ = new TensorScope()) {
            var options = new AdamOptions();
            options.weight_decay().put(weightDecay);
            adam = new Adam(new TensorVector(autoencoder.parameters().values().toArray(Tensor[]::new)), options);
            adam.retainReference();
        }
    }

    /** Draws an autoencoder and trains it on features {@code [samples, features]}. */
    static Autoencoder train(Tensor features, DdasSettings.Autoencoders settings, int steps, RandomStream random) {
        int samples = Math.toIntExact(features.size(0));
        var autoencoder = Autoencoder.draw(Math.toIntExact(features.size(1)), settings.code(), random);
        var order = BatchSampler.shuffled(samples, settings.batchSize(), random.nextLong());
        Iterator<BatchSampler.IndexBatch> batches = order.batches(order.start());
        try (var training = new AutoencoderTraining(autoencoder, settings.weightDecay())) {
            for (int step = 0; step < steps; step++) {
                int drops = Math.min(MOST_DROPS, step / order.batchesPerEpoch() / EPOCHS_OF_A_RATE);
                double rate = settings.learningRate() * Math.pow(RATE_FACTOR, drops);
                try (var _ = new TensorScope()) {
                    training.step(
                            features.index_select(
                                    0, Tensors.indices(batches.next().samples())),
                            rate);
                }
            }
        }
        return autoencoder;
    }

    /** Takes a step and returns the loss before it. */
    double step(Tensor features, double rate) {
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(true)) {
            adam.zero_grad();
            Tensor loss = autoencoder.errors(features).mean();
            loss.backward();
            adam.param_groups().get(0).options().set_lr(rate);
            adam.step();
            return loss.item_double();
        }
    }

    @Override
    public void close() {
        adam.zero_grad();
        adam.close();
        autoencoder.parameters().values().forEach(tensor -> tensor.set_requires_grad(false));
    }
}
