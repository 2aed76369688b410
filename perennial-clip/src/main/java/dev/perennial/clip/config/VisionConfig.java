package dev.perennial.clip.config;

/** The sizes of an image tower. */
public sealed interface VisionConfig permits VitConfig, ResNetConfig {
    /** Returns the side of the square input image, in pixels. */
    int imageSize();

    /** Returns the channels of the tower's output before the projection into the joint space. */
    int outputWidth();

    /** Returns the number of parameters with a projection to {@code embedDim} channels. */
    long parameterCount(int embedDim);

    /** Returns the multiply-adds of a forward pass over one image with a projection to {@code embedDim} channels. */
    long macs(int embedDim);
}
