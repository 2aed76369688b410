package dev.perennial.method.moe;

import java.util.Arrays;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;

/** Says which router an image is for, if any. */
@FunctionalInterface
interface AdapterChoice {
    /** Stands for the untouched model. */
    int NONE = -1;

    /** Decides on pixels {@code [batch, 3, size, size]}, without a graph; the result belongs to the caller's scope. */
    Choice of(Tensor pixels);

    /**
     * A decision.
     *
     * @param routers one for each image, or {@link #NONE}
     * @param plainFeatures computes what the untouched model makes of all images, {@code [batch, embedDim]}, before normalisation
     */
    @SuppressWarnings("ArrayRecordComponent") // Made and read within one call; never compared.
    record Choice(int[] routers, Supplier<Tensor> plainFeatures) {
        /** Returns the routers that are asked for, in order, {@link #NONE} among them. */
        int[] distinct() {
            return Arrays.stream(routers).distinct().sorted().toArray();
        }
    }
}
