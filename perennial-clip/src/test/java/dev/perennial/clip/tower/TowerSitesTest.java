package dev.perennial.clip.tower;

import static dev.perennial.clip.tower.DoubleTowers.TOLERANCE;
import static dev.perennial.clip.tower.DoubleTowers.distance;
import static dev.perennial.clip.tower.DoubleTowers.normal;
import static dev.perennial.clip.tower.DoubleTowers.pixels;
import static dev.perennial.clip.tower.DoubleTowers.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.TinyClip;
import dev.perennial.clip.config.ResNetConfig;
import dev.perennial.clip.config.VitConfig;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TowerSitesTest {
    private static final int RANK = 3;
    private static final int WIDTH = 16;

    @ParameterizedTest
    @EnumSource(Projection.class)
    void aLowRankTermEqualsTheEditedWeightInBothTowers(Projection projection) {
        try (DoubleTowers towers = DoubleTowers.create(1);
                DoubleTowers edited = towers.copy();
                var _ = new TensorScope()) {
            RandomStream random = new RandomStream(2);
            int in = projection == Projection.MLP_OUT ? 4 * WIDTH : WIDTH;
            int out = projection == Projection.MLP_HIDDEN ? 4 * WIDTH : WIDTH;
            Tensor down = normal(random, RANK, in);
            Tensor up = normal(random, out, RANK);
            TowerSites imageSites = towers.image.emptySites();
            TowerSites textSites = towers.text.emptySites();
            for (TowerSites sites : List.of(imageSites, textSites)) {
                sites.block(1).add(projection, x -> x.matmul(down.t()).matmul(up.t()));
            }
            addTo(edited.parameters, "visual.transformer.resblocks.1.", projection, up.matmul(down));
            addTo(edited.parameters, "transformer.resblocks.1.", projection, up.matmul(down));

            Tensor images = towers.image.forward(pixels(3), imageSites);
            assertThat(distance(images, edited.image.forward(pixels(3), edited.image.emptySites())))
                    .isLessThan(TOLERANCE);
            assertThat(distance(images, towers.image.forward(pixels(3), towers.image.emptySites())))
                    .as("the term does something")
                    .isGreaterThan(1e-3);
            Tensor texts = towers.text.forward(texts(), textSites);
            assertThat(distance(texts, edited.text.forward(texts(), edited.text.emptySites())))
                    .isLessThan(TOLERANCE);
            assertThat(distance(texts, towers.text.forward(texts(), towers.text.emptySites())))
                    .isGreaterThan(1e-3);
        }
    }

    @Test
    void emptySitesGiveTheSameBitsAsSitesNothingWasEverAttachedTo() {
        try (DoubleTowers towers = DoubleTowers.create(3);
                var _ = new TensorScope()) {
            TowerSites zeros = towers.image.emptySites();
            for (Projection projection : Projection.values()) {
                int out = projection == Projection.MLP_HIDDEN ? 4 * WIDTH : WIDTH;
                zeros.block(0).add(projection, x -> zeros(x.size(0), x.size(1), out));
            }
            zeros.block(0).add(Branch.Beside.MLP, (x, _) -> zeros(x.shape()));
            zeros.block(1).before(x -> x);
            Tensor plain = towers.image.forward(pixels(2), towers.image.emptySites());
            assertThat(distance(plain, towers.image.forward(pixels(2), zeros))).isZero();
            assertThat(distance(plain, towers.image.forward(pixels(2), towers.image.emptySites())))
                    .isZero();
        }
    }

    @Test
    void aBranchBesideTheMlpAddsItsTermToTheBlocksOutput() {
        try (DoubleTowers towers = DoubleTowers.create(4);
                var _ = new TensorScope()) {
            Tensor input = normal(new RandomStream(5), 2, 4, WIDTH);
            List<Tensor> seen = new ArrayList<>();
            BlockSites sites = new BlockSites().add(Branch.Beside.MLP, (residual, normalized) -> {
                Tensor term = residual.mul(normalized);
                seen.addAll(List.of(residual, normalized, term));
                seen.forEach(Tensor::retainReference);
                return term;
            });
            Tensor branched = block(towers).forward(input, Tensors.none(), false, sites);
            Tensor plain = block(towers).forward(input, Tensors.none(), false, new BlockSites());
            assertThat(distance(branched, plain.add(seen.get(2)))).isLessThan(TOLERANCE);
            assertThat(distance(seen.get(1), norm(towers, seen.get(0), "ln_2"))).isLessThan(TOLERANCE);
            seen.forEach(Tensor::close);
        }
    }

    @Test
    void aBranchBesideTheAttentionSeesTheInputAndActsAsItsBias() {
        try (DoubleTowers towers = DoubleTowers.create(6);
                DoubleTowers edited = towers.copy();
                var _ = new TensorScope()) {
            Tensor input = normal(new RandomStream(7), 2, 4, WIDTH);
            Tensor constant = normal(new RandomStream(8), WIDTH);
            BlockSites sites = new BlockSites().add(Branch.Beside.ATTENTION, (residual, normalized) -> {
                assertThat(distance(residual, input)).isZero();
                assertThat(distance(normalized, norm(towers, input, "ln_1"))).isLessThan(TOLERANCE);
                return constant.expand(2, 4, WIDTH);
            });
            edited.parameters
                    .get("visual.transformer.resblocks.0.attn.out_proj.bias")
                    .add_(constant);
            assertThat(distance(
                            block(towers).forward(input, Tensors.none(), false, sites),
                            block(edited).forward(input, Tensors.none(), false, new BlockSites())))
                    .isLessThan(TOLERANCE);
        }
    }

    @Test
    void tokensRewrittenBeforeABlockAreItsInput() {
        try (DoubleTowers towers = DoubleTowers.create(9);
                var _ = new TensorScope()) {
            Tensor input = normal(new RandomStream(10), 2, 4, WIDTH);
            BlockSites doubled = new BlockSites().before(x -> x.mul(new Scalar(2.0)));
            assertThat(distance(
                            block(towers).forward(input, Tensors.none(), false, doubled),
                            block(towers).forward(input.mul(new Scalar(2.0)), Tensors.none(), false, new BlockSites())))
                    .isZero();
        }
    }

    @Test
    void whatIsAttachedAgainReplacesWhatWasThere() {
        try (DoubleTowers towers = DoubleTowers.create(11);
                var _ = new TensorScope()) {
            Tensor input = normal(new RandomStream(12), 1, 4, WIDTH);
            BlockSites sites = new BlockSites()
                    .add(Projection.OUT, x -> x)
                    .add(Projection.OUT, x -> zeros(x.shape()))
                    .add(Branch.Beside.MLP, (x, _) -> x)
                    .add(Branch.Beside.MLP, (x, _) -> zeros(x.shape()));
            assertThat(distance(
                            block(towers).forward(input, Tensors.none(), false, sites),
                            block(towers).forward(input, Tensors.none(), false, new BlockSites())))
                    .isZero();
        }
    }

    @Test
    void textCutAfterItsEndGivesTheSameFeaturesWithSitesToo() {
        try (DoubleTowers towers = DoubleTowers.create(13);
                var _ = new TensorScope()) {
            RandomStream random = new RandomStream(14);
            Tensor down = normal(random, RANK, WIDTH);
            Tensor up = normal(random, WIDTH, RANK);
            TowerSites sites = towers.text.emptySites();
            for (int layer = 0; layer < sites.layers(); layer++) {
                sites.block(layer)
                        .add(Projection.VALUE, x -> x.matmul(down.t()).matmul(up.t()))
                        .add(Branch.Beside.MLP, (_, normalized) -> normalized.relu());
            }
            Tensor cut = towers.text.forward(texts(), sites);
            Tensor padded = towers.text.forward(texts().paddedTo(40), sites);
            assertThat(distance(cut, padded)).isLessThan(TOLERANCE);
        }
    }

    @Test
    void extraTokensForATowerThatTakesNoneAreRefused() {
        try (Parameters none = new Parameters(Map.of())) {
            ImageTower resNet = ImageTower.of(new ResNetConfig(64, List.of(1, 1, 1, 1), 8, 4), none);
            TowerSites sites = resNet.emptySites().tokens(new ExtraTokens(normal(new RandomStream(1), 2, WIDTH)));
            assertThatThrownBy(() -> resNet.forward(pixels(1), sites))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("ResNet");
        }
    }

    private static ResidualBlock block(DoubleTowers towers) {
        VitConfig vision = (VitConfig) TinyClip.config().vision();
        return new ResidualBlock(vision.transformer(), towers.parameters, "visual.transformer.resblocks.0.");
    }

    private static Tensor norm(DoubleTowers towers, Tensor x, String name) {
        return LayerNorm.apply(x, towers.parameters, "visual.transformer.resblocks.0." + name, 1e-5);
    }

    private static Tensor zeros(long... shape) {
        return TensorScope.compute(() -> normal(new RandomStream(0), shape).mul(new Scalar(0.0)));
    }

    private static void addTo(Parameters parameters, String block, Projection projection, Tensor change) {
        try (var _ = new AutoGradMode(false)) {
            Tensor weight = switch (projection) {
                case QUERY -> parameters.get(block + "attn.in_proj_weight").narrow(0, 0, WIDTH);
                case KEY -> parameters.get(block + "attn.in_proj_weight").narrow(0, WIDTH, WIDTH);
                case VALUE -> parameters.get(block + "attn.in_proj_weight").narrow(0, 2 * WIDTH, WIDTH);
                case OUT -> parameters.get(block + "attn.out_proj.weight");
                case MLP_HIDDEN -> parameters.get(block + "mlp.c_fc.weight");
                case MLP_OUT -> parameters.get(block + "mlp.c_proj.weight");
            };
            weight.add_(change);
        }
    }
}
