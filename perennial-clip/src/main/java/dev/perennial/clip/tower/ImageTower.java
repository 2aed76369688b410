package dev.perennial.clip.tower;

import dev.perennial.clip.config.ResNetConfig;
import dev.perennial.clip.config.VisionConfig;
import dev.perennial.clip.config.VitConfig;
import org.bytedeco.pytorch.Tensor;

/** An image tower: pixels to points of the joint space. */
public sealed interface ImageTower permits VisionTransformer, ModifiedResNet {
    /**
     * Encodes images.
     *
     * @param pixels normalised pixels, {@code [batch, 3, size, size]}
     * @param sites what a method has attached
     * @return features before normalisation, {@code [batch, embedDim]}; {@code [batch, pooled, embedDim]} where a token site
     *     pools several tokens; {@code [batch, pooled + readers, embedDim]} where readers are attached, one pooled row unless a
     *     token site says otherwise
     */
    Tensor forward(Tensor pixels, TowerSites sites);

    /** Returns the sites of this tower, all empty. */
    TowerSites emptySites();

    /** Creates the tower of this configuration over these parameters. */
    static ImageTower of(VisionConfig config, Parameters parameters) {
        return switch (config) {
            case VitConfig vit -> new VisionTransformer(vit, parameters);
            case ResNetConfig resNet -> new ModifiedResNet(resNet, parameters);
        };
    }
}
