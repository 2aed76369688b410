package dev.perennial.clip.tower;

import static dev.perennial.clip.tower.DoubleTowers.TOLERANCE;
import static dev.perennial.clip.tower.DoubleTowers.distance;
import static dev.perennial.clip.tower.DoubleTowers.normal;
import static dev.perennial.clip.tower.DoubleTowers.pixels;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class TokenSiteTest {
    private final Tensor prompts = normal(new RandomStream(1), 2, 16);

    @Test
    void tokensHiddenFromTheImagesOwnLeaveItsFeaturesAsTheyWere() {
        try (DoubleTowers towers = DoubleTowers.create(2);
                var _ = new TensorScope()) {
            Tensor plain = towers.image.forward(pixels(3), towers.image.emptySites());
            Tensor extended = features(towers, new ExtraTokens(prompts, true, false), 3);
            assertThat(extended.shape()).containsExactly(3, 1, 8);
            assertThat(distance(extended.select(1, 0), plain)).isLessThan(TOLERANCE);
        }
    }

    @Test
    void tokensThatAreNotHiddenChangeTheFeatures() {
        try (DoubleTowers towers = DoubleTowers.create(3);
                var _ = new TensorScope()) {
            Tensor plain = towers.image.forward(pixels(3), towers.image.emptySites());
            Tensor extended = features(towers, new ExtraTokens(prompts), 3);
            assertThat(distance(extended.select(1, 0), plain)).isGreaterThan(1e-3);
        }
    }

    @Test
    void severalPooledTokensGiveOneFeatureEach() {
        try (DoubleTowers towers = DoubleTowers.create(4);
                var _ = new TensorScope()) {
            Tensor pooled = features(towers, new ExtraTokens(prompts, true, true), 2);
            assertThat(pooled.shape()).containsExactly(2, 3, 8);
            assertThat(distance(pooled.narrow(1, 0, 1), features(towers, new ExtraTokens(prompts, true, false), 2)))
                    .isLessThan(TOLERANCE);
        }
    }

    @Test
    void theFeatureOfAnImageDoesNotDependOnTheRestOfTheBatch() {
        try (DoubleTowers towers = DoubleTowers.create(5);
                var _ = new TensorScope()) {
            Tensor together = features(towers, new ExtraTokens(prompts), 4);
            TowerSites sites = towers.image.emptySites().tokens(new ExtraTokens(prompts));
            Tensor alone = towers.image.forward(pixels(4).narrow(0, 2, 1), sites);
            assertThat(distance(together.narrow(0, 2, 1), alone)).isLessThan(TOLERANCE);
        }
    }

    private static Tensor features(DoubleTowers towers, TokenSite site, int images) {
        return towers.image.forward(pixels(images), towers.image.emptySites().tokens(site));
    }
}
