package dev.perennial.clip.tower;

import static dev.perennial.clip.tower.DoubleTowers.TOLERANCE;
import static dev.perennial.clip.tower.DoubleTowers.distance;
import static dev.perennial.clip.tower.DoubleTowers.normal;
import static dev.perennial.clip.tower.DoubleTowers.pixels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class ReaderSiteTest {
    private final Tensor prompts = normal(new RandomStream(1), 2, 16);

    @Test
    void theFeaturesOfTheImageStayTheSameBitForBit() {
        try (DoubleTowers towers = DoubleTowers.create(2);
                var _ = new TensorScope()) {
            Tensor plain = towers.image.forward(pixels(3), towers.image.emptySites());
            Tensor read = features(towers, () -> List.of(prompts), 3);
            assertThat(read.shape()).containsExactly(3, 3, 8);
            assertThat(read.select(1, 0).equal(plain)).isTrue();
        }
    }

    @Test
    void readersGiveWhatMaskedTokensGiveAndTheSameGradient() {
        try (DoubleTowers towers = DoubleTowers.create(3);
                var _ = new TensorScope()) {
            Tensor reading = prompts.detach().clone().set_requires_grad(true);
            Tensor masked = prompts.detach().clone().set_requires_grad(true);
            Tensor read = features(towers, () -> List.of(reading), 3);
            Tensor seen = towers.image.forward(
                    pixels(3), towers.image.emptySites().tokens(new ExtraTokens(masked, true, true)));
            assertThat(distance(read, seen)).isLessThan(TOLERANCE);
            Tensor weights = normal(new RandomStream(4), 3, 3, 8);
            read.mul(weights).sum().backward();
            seen.mul(weights).sum().backward();
            assertThat(distance(reading.grad(), masked.grad())).isLessThan(TOLERANCE);
        }
    }

    @Test
    void aGroupSeesItselfAndThoseBeforeItAndNoneAfter() {
        try (DoubleTowers towers = DoubleTowers.create(5);
                var _ = new TensorScope()) {
            Tensor first = prompts.narrow(0, 0, 1);
            Tensor alone = features(towers, () -> List.of(first), 2);
            Tensor apart = features(towers, () -> List.of(first, prompts.narrow(0, 1, 1)), 2);
            Tensor together = features(towers, () -> List.of(prompts), 2);
            assertThat(distance(apart.narrow(1, 0, 2), alone)).isLessThan(TOLERANCE);
            assertThat(distance(together.narrow(1, 0, 2), alone)).isGreaterThan(1e-6);
            Tensor second = features(towers, () -> List.of(prompts.narrow(0, 1, 1)), 2);
            assertThat(distance(apart.select(1, 2), second.select(1, 1))).isGreaterThan(1e-6);
        }
    }

    @Test
    void groupsThatAreTrainedRunApartFromThoseThatAreNotWithTheSameResult() {
        try (DoubleTowers towers = DoubleTowers.create(12);
                var _ = new TensorScope()) {
            Tensor more = normal(new RandomStream(13), 3, 16);
            Tensor last = normal(new RandomStream(14), 1, 16);
            Tensor constant = features(towers, () -> List.of(prompts, more, last), 2);
            Tensor trained = last.detach().clone().set_requires_grad(true);
            Tensor apart = features(towers, () -> List.of(prompts, more, trained), 2);
            assertThat(distance(apart, constant)).isLessThan(TOLERANCE);
            apart.sum().backward();
            Tensor gradient = trained.grad().detach().clone();
            Tensor all = Tensors.concat(0, more, last).detach().clone().set_requires_grad(true);
            features(towers, () -> List.of(prompts, all.narrow(0, 0, 3), all.narrow(0, 3, 1)), 2)
                    .sum()
                    .backward();
            assertThat(distance(all.grad().narrow(0, 3, 1), gradient)).isLessThan(TOLERANCE);
        }
    }

    @Test
    void whatIsAttachedToBlocksActsOnReadersToo() {
        try (DoubleTowers towers = DoubleTowers.create(6);
                var _ = new TensorScope()) {
            Tensor change = normal(new RandomStream(7), 16, 16);
            TowerSites sites = towers.image.emptySites();
            TowerSites masked = towers.image.emptySites();
            for (TowerSites both : new TowerSites[] {sites, masked}) {
                both.block(1).add(Projection.KEY, x -> x.matmul(change)).add(Branch.Beside.MLP, (_, x) -> x.relu());
            }
            Tensor read = towers.image.forward(pixels(2), sites.readers(() -> List.of(prompts)));
            Tensor seen = towers.image.forward(pixels(2), masked.tokens(new ExtraTokens(prompts, true, true)));
            assertThat(distance(read, seen)).isLessThan(TOLERANCE);
        }
    }

    @Test
    void readersFollowTheRowsThatATokenSitePools() {
        try (DoubleTowers towers = DoubleTowers.create(8);
                var _ = new TensorScope()) {
            Tensor tokens = normal(new RandomStream(9), 2, 16);
            TowerSites sites = towers.image.emptySites().tokens(new ExtraTokens(tokens, true, true));
            Tensor pooled = towers.image.forward(pixels(2), sites);
            Tensor read = towers.image.forward(pixels(2), sites.readers(() -> List.of(prompts)));
            assertThat(read.shape()).containsExactly(2, 5, 8);
            assertThat(read.narrow(1, 0, 3).equal(pooled)).isTrue();
        }
    }

    @Test
    void aGraphIsMadeForTheReadersThatAreTrainedAlone() {
        try (DoubleTowers towers = DoubleTowers.create(10);
                var _ = new TensorScope()) {
            Tensor reading = prompts.detach().clone().set_requires_grad(true);
            boolean[] graph = new boolean[3];
            TowerSites sites = towers.image.emptySites().readers(() -> List.of(prompts.narrow(0, 0, 1), reading));
            sites.block(1).add(Projection.OUT, joined -> {
                graph[joined.size(1) > 2 ? 2 : (int) joined.size(1) - 1] = joined.requires_grad();
                return Tensors.normalized(joined);
            });
            towers.image.forward(pixels(1), sites);
            assertThat(graph).as("earlier readers, trained ones, tokens").containsExactly(false, true, false);
        }
    }

    @Test
    void aTowerThatTakesNoneRefusesReaders() {
        try (DoubleTowers towers = DoubleTowers.create(11)) {
            TowerSites sites = towers.text.emptySites().readers(() -> List.of(prompts));
            assertThatThrownBy(() -> towers.text.forward(DoubleTowers.texts(), sites))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("text tower");
        }
    }

    private static Tensor features(DoubleTowers towers, ReaderSite site, int images) {
        return towers.image.forward(pixels(images), towers.image.emptySites().readers(site));
    }
}
