package dev.perennial.clip.tensor;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The number format of matrix products; weights, normalisation and losses stay in float32. */
public enum Precision {
    /** IEEE 754 single precision throughout. */
    @JsonProperty("float32")
    FLOAT32,
    /** bfloat16 for matrix products by autocast, where the processor has instructions for it. */
    @JsonProperty("bfloat16")
    BFLOAT16;

    /** Starts computing in this precision on this thread, until the returned guard is closed. */
    public Guard begin() {
        return new Guard(this == BFLOAT16);
    }

    /** Ends a stretch of mixed precision. */
    public static final class Guard implements AutoCloseable {
        private final boolean enabled;

        private Guard(boolean enabled) {
            this.enabled = enabled;
            if (enabled) {
                torch.set_autocast_dtype(DeviceType.CPU, ScalarType.BFloat16);
                torch.set_autocast_enabled(DeviceType.CPU, true);
            }
        }

        @Override
        public void close() {
            if (enabled) {
                torch.set_autocast_enabled(DeviceType.CPU, false);
                // Casts of weights are cached while the guard is open; after an optimizer step they would be stale.
                torch.clear_cache();
            }
        }
    }
}
