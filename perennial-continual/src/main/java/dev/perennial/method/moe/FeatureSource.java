package dev.perennial.method.moe;

import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;

/** A frozen view of images, from which autoencoders tell tasks apart. */
interface FeatureSource extends AutoCloseable {
    /** Looks at pixels {@code [batch, 3, size, size]}, without a graph. */
    View look(Tensor pixels);

    /**
     * What was seen.
     *
     * @param features {@code [batch, features]}
     * @param plainFeatures computes what the untouched model makes of the images, {@code [batch, embedDim]}, with what is known of
     *     them already
     */
    record View(Tensor features, Supplier<Tensor> plainFeatures) {}

    /** Returns what the features come from; autoencoders of another source are of no use. */
    String name();

    @Override
    default void close() {}
}
