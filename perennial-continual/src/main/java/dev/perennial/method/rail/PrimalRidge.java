package dev.perennial.method.rail;

import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The primal form: {@code phi(x) = relu(x W0)} with a fixed random {@code W0}, and
 * {@code W = (sum phi phi' + lambda I)^-1 sum phi y'} (RAIL, section 4.2).
 *
 * <p>The published recursion over the inverse gives the same weights; here the Gram matrix itself is kept, so that rounding does not
 * add up over tasks, and a Cholesky factor is made when an experience ends.
 */
final class PrimalRidge implements Regression {
    /** Sum of {@code phi phi'}, {@code [hidden, hidden]}. */
    private static final String GRAM = "gram";
    /** Sum of {@code phi} over the samples of each class, {@code [columns, hidden]}. */
    private static final String CLASS_SUMS = "class-sums";
    /** The solution, {@code [hidden, columns]}. */
    private static final String WEIGHTS = "weights";

    private final Tensor layer;
    private final double ridge;
    private final Matrices matrices = new Matrices();

    /**
     * Creates the regression without samples.
     *
     * @param layer {@code W0}, {@code [embedDim, hidden]}, double precision
     * @param ridge {@code lambda}
     */
    PrimalRidge(Tensor layer, double ridge) {
        this.layer = layer.retainReference();
        this.ridge = ridge;
    }

    /** Draws {@code W0} evenly from plus and minus {@code 1 / sqrt(embedDim)}, as the published layer is initialised. */
    static PrimalRidge random(long seed, int embedDim, int hidden, double ridge) {
        float[] layer = new float[Math.multiplyExact(embedDim, hidden)];
        var random = new RandomStream(seed);
        float bound = (float) (1 / Math.sqrt(embedDim));
        for (int i = 0; i < layer.length; i++) {
            layer[i] = random.nextFloat(-bound, bound);
        }
        try (var _ = new TensorScope()) {
            return new PrimalRidge(Tensors.of(layer, embedDim, hidden).to(torch.ScalarType.Double), ridge);
        }
    }

    private Tensor phi(Tensor features) {
        return TensorScope.compute(
                () -> features.to(torch.ScalarType.Double).matmul(layer).relu_());
    }

    @Override
    public void add(Tensor features, long[] columns) {
        try (var _ = new TensorScope()) {
            Tensor phi = phi(features);
            long hidden = phi.size(1);
            if (!matrices.has(GRAM)) {
                matrices.put(GRAM, zeros(hidden, hidden));
                matrices.put(CLASS_SUMS, zeros(0, hidden));
            }
            matrices.get(GRAM).addmm_(phi.t(), phi);
            long needed = 1;
            for (long column : columns) {
                needed = Math.max(needed, column + 1);
            }
            grow(needed);
            matrices.get(CLASS_SUMS).index_add_(0, Tensors.of(columns, columns.length), phi);
        }
    }

    /** A class that comes later has a sum of nothing so far. */
    private void grow(long columns) {
        Tensor sums = matrices.get(CLASS_SUMS);
        if (sums.size(0) < columns) {
            matrices.put(CLASS_SUMS, Tensors.concat(0, sums, zeros(columns - sums.size(0), sums.size(1))));
        }
    }

    @Override
    public void solve(int columns) {
        try (var _ = new TensorScope()) {
            grow(columns);
            Tensor regular = matrices.get(GRAM).clone();
            regular.diagonal().add_(new Scalar(ridge));
            Tensor factor = torch.linalg_cholesky(regular);
            matrices.put(
                    WEIGHTS,
                    torch.cholesky_solve(matrices.get(CLASS_SUMS).t(), factor).contiguous());
        }
    }

    @Override
    public int solved() {
        return matrices.has(WEIGHTS) ? Math.toIntExact(matrices.get(WEIGHTS).size(1)) : 0;
    }

    @Override
    public Tensor scores(Tensor features) {
        return TensorScope.compute(() -> phi(features).matmul(matrices.get(WEIGHTS)));
    }

    @Override
    public void save(StateWriter state) {
        matrices.save(state);
    }

    @Override
    public void restore(StateReader state) {
        matrices.restore(state);
    }

    @Override
    public long parameterCount() {
        return layer.numel() + (matrices.has(WEIGHTS) ? matrices.get(WEIGHTS).numel() : 0);
    }

    private static Tensor zeros(long... shape) {
        return torch.zeros(shape).to(torch.ScalarType.Double);
    }

    @Override
    public void close() {
        layer.close();
        matrices.close();
    }
}
