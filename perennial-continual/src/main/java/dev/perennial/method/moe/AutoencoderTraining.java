package dev.perennial.method.moe;

import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.data.BatchSampler;
import dev.perennial.method.ParameterGroup;
import dev.perennial.train.AdamW;
import dev.perennial.train.AdamWConfig;
import java.util.Iterator;
import java.util.List;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Trains one autoencoder by Adam, whose weight decay is part of the gradient. */
final class AutoencoderTraining implements AutoCloseable {
    private static final int EPOCHS_OF_A_RATE = 10;
    private static final double RATE_FACTOR = 0.1;
    /** A small task would come to these in no time and then stop to learn. */
    private static final int MOST_DROPS = 2;

    private final Autoencoder autoencoder;
    private final double weightDecay;
    private final AdamW adam;

    AutoencoderTraining(Autoencoder autoencoder, double weightDecay) {
        this.autoencoder = autoencoder;
        this.weightDecay = weightDecay;
        this.adam = new AdamW(
                List.of(new ParameterGroup("autoencoder", autoencoder.parameters(), 1, false)),
                new AdamWConfig(0.9, 0.999, 1e-8, 0));
        autoencoder.parameters().values().forEach(tensor -> tensor.set_requires_grad(true));
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
        try (var _ = new TensorScope()) {
            adam.clearGradients();
            Tensor loss;
            try (var _ = new AutoGradMode(true)) {
                loss = autoencoder.errors(features).mean();
                loss.backward();
            }
            try (var _ = new AutoGradMode(false)) {
                autoencoder
                        .parameters()
                        .values()
                        .forEach(tensor -> tensor.grad().add_(tensor, new Scalar(weightDecay)));
            }
            adam.step(rate);
            return loss.item_double();
        }
    }

    @Override
    public void close() {
        adam.clearGradients();
        adam.close();
        autoencoder.parameters().values().forEach(tensor -> tensor.set_requires_grad(false));
    }
}
