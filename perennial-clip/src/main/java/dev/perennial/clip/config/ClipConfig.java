package dev.perennial.clip.config;

/**
 * The architecture of a CLIP model (Radford et al. 2021, arXiv 2103.00020): an image tower and a text tower that project into one
 * joint space.
 *
 * @param embedDim channels of the joint space
 * @param vision the image tower
 * @param text the text tower
 */
public record ClipConfig(int embedDim, VisionConfig vision, TextConfig text) {
    /** Checks the joint width. */
    public ClipConfig {
        Sizes.requirePositive("embed dim", embedDim);
    }

    /** Returns the activation of the text tower, which is also the image tower's where that is a transformer. */
    public Activation activation() {
        return text.transformer().activation();
    }

    /** Returns the number of parameters, the logit scale included. */
    public long parameterCount() {
        return vision.parameterCount(embedDim) + text.parameterCount(embedDim) + 1;
    }

    /**
     * Returns the multiply-adds of a forward pass over one image and one text of full length: the unit in which TiC-CLIP (Garg et al. 2024,
     * arXiv 2310.16226) counts compute. A training step costs about three times as much, since the backward pass has two products for
     * each of the forward pass.
     */
    public long macs() {
        return vision.macs(embedDim) + text.macs(embedDim);
    }
}
