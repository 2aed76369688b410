package dev.perennial.clip.image;

/** How preprocessing turns an image of any shape into a square. */
public enum ResizeMode {
    /** Resizes until the shortest side fits, then crops the centre: OpenAI, open_clip, MobileCLIP. */
    SHORTEST,

    /** Resizes both sides to the square, changing the aspect ratio: SigLIP, CLIPA. */
    SQUASH
}
