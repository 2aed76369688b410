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
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class ReaderSiteTest {
    private final Tensor prompts = normal(new RandomStream(1), 2, 16);

    /** Readers that see one another, or only those before them. */
    private record Readers(Tensor readers, boolean causal) implements ReaderSite {
        @Override
        public Optional<Tensor> mask() {
            long count = readers.size(0);
            return causal
                    ? Optional.of(TensorScope.compute(
                            () -> torch.full(new long[] {count, count}, new Scalar(Double.NEGATIVE_INFINITY))
                                    .triu(1)))
                    : Optional.empty();
        }
    }

    @Test
    void theFeaturesOfTheImageStayTheSameBitForBit() {
        try (DoubleTowers towers = DoubleTowers.create(2);
                var _ = new TensorScope()) {
            Tensor plain = towers.image.forward(pixels(3), towers.image.emptySites());
            Tensor read = features(towers, new Readers(prompts, false), 3);
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
            Tensor read = features(towers, new Readers(reading, false), 3);
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
    void aReaderBehindTheMaskChangesNothingForThoseBefore() {
        try (DoubleTowers towers = DoubleTowers.create(5);
                var _ = new TensorScope()) {
            Tensor one = features(towers, new Readers(prompts.narrow(0, 0, 1), true), 2);
            Tensor two = features(towers, new Readers(prompts, true), 2);
            Tensor seeing = features(towers, new Readers(prompts, false), 2);
            assertThat(distance(two.narrow(1, 0, 2), one)).isLessThan(TOLERANCE);
            assertThat(distance(seeing.narrow(1, 0, 2), one)).isGreaterThan(1e-6);
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
            Tensor read = towers.image.forward(pixels(2), sites.readers(new Readers(prompts, false)));
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
            Tensor read = towers.image.forward(pixels(2), sites.readers(new Readers(prompts, false)));
            assertThat(read.shape()).containsExactly(2, 5, 8);
            assertThat(read.narrow(1, 0, 3).equal(pooled)).isTrue();
        }
    }

    @Test
    void noGraphIsMadeForTheTokensThatAreRead() {
        try (DoubleTowers towers = DoubleTowers.create(10);
                var _ = new TensorScope()) {
            Tensor reading = prompts.detach().clone().set_requires_grad(true);
            boolean[] graph = new boolean[2];
            TowerSites sites = towers.image.emptySites().readers(new Readers(reading, false));
            sites.block(1).add(Projection.OUT, joined -> {
                graph[joined.size(1) == 2 ? 1 : 0] = joined.requires_grad();
                return Tensors.normalized(joined);
            });
            towers.image.forward(pixels(1), sites);
            assertThat(graph).containsExactly(false, true);
        }
    }

    @Test
    void aTowerThatTakesNoneRefusesReaders() {
        try (DoubleTowers towers = DoubleTowers.create(11)) {
            TowerSites sites = towers.text.emptySites().readers(new Readers(prompts, false));
            assertThatThrownBy(() -> towers.text.forward(DoubleTowers.texts(), sites))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("text tower");
        }
    }

    private static Tensor features(DoubleTowers towers, ReaderSite site, int images) {
        return towers.image.forward(pixels(images), towers.image.emptySites().readers(site));
    }
}
