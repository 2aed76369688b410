/** Weights of strangers, read as data and written durably: safetensors, PyTorch archives, the three name layouts, the hub. */
@NullMarked
package dev.perennial.clip.checkpoint;

import org.jspecify.annotations.NullMarked;
