package dev.perennial.clip.tower;

import static dev.perennial.clip.tower.DoubleTowers.normal;

import dev.perennial.clip.config.Activation;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.tensor.FiniteDifferences;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResidualBlockTest {
    private static final int WIDTH = 6;

    @ParameterizedTest
    @CsvSource({"QUICK_GELU, true", "QUICK_GELU, false", "GELU, true", "GELU, false"})
    void theGradientOfEveryWeightOfTheInputAndOfWhatIsAttachedIsThatOfItsDifferences(
            Activation activation, boolean causal) {
        try (var _ = new TensorScope()) {
            RandomStream random = new RandomStream(1);
            Map<String, Tensor> leaves = new LinkedHashMap<>();
            leaf(leaves, random, "ln_1.weight", WIDTH);
            leaf(leaves, random, "ln_1.bias", WIDTH);
            leaf(leaves, random, "attn.in_proj_weight", 3 * WIDTH, WIDTH);
            leaf(leaves, random, "attn.in_proj_bias", 3 * WIDTH);
            leaf(leaves, random, "attn.out_proj.weight", WIDTH, WIDTH);
            leaf(leaves, random, "attn.out_proj.bias", WIDTH);
            leaf(leaves, random, "ln_2.weight", WIDTH);
            leaf(leaves, random, "ln_2.bias", WIDTH);
            leaf(leaves, random, "mlp.c_fc.weight", 4 * WIDTH, WIDTH);
            leaf(leaves, random, "mlp.c_fc.bias", 4 * WIDTH);
            leaf(leaves, random, "mlp.c_proj.weight", WIDTH, 4 * WIDTH);
            leaf(leaves, random, "mlp.c_proj.bias", WIDTH);
            Tensor lowRank = leaf(leaves, random, "low rank", WIDTH, 1);
            Tensor adapter = leaf(leaves, random, "adapter", WIDTH, WIDTH);
            Tensor input = leaf(leaves, random, "input", 2, 4, WIDTH);
            BlockSites sites = new BlockSites()
                    .add(Projection.KEY, x -> x.matmul(lowRank).matmul(lowRank.t()))
                    .add(Branch.Beside.MLP, (residual, _) -> residual.matmul(adapter));
            Tensor weights = normal(random, 2, 4, WIDTH);
            try (Parameters parameters = new Parameters(leaves)) {
                var block = new ResidualBlock(TransformerConfig.of(WIDTH, 1, 2, activation), parameters, "");
                FiniteDifferences.assertGradients(
                        leaves,
                        () -> block.forward(input, Tensors.none(), causal, sites)
                                .mul(weights)
                                .sum());
            }
        }
    }

    private static Tensor leaf(Map<String, Tensor> leaves, RandomStream random, String name, long... shape) {
        Tensor leaf = FiniteDifferences.leaf(normal(random, shape));
        leaves.put(name, leaf);
        return leaf;
    }
}
