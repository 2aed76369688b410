package dev.perennial.method.rail;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The dual form: {@code alpha = (K + lambda I)^-1 Y} with the Gaussian kernel {@code K = exp(-gamma |x - x'|^2)} over all samples
 * (RAIL, section 4.3). The features of all samples are kept, and the kernel takes the square of their number in memory while it is
 * solved.
 */
final class DualRidge implements Regression {
    /** Features of all samples, {@code [samples, embedDim]}. */
    private static final String FEATURES = "features";
    /** The column of each sample's class, {@code [samples]}. */
    private static final String COLUMNS = "columns";
    /** The solution, {@code [solved samples, columns]}. */
    private static final String ALPHA = "alpha";

    private final double gamma;
    private final double ridge;
    private final Matrices matrices = new Matrices();

    DualRidge(double gamma, double ridge) {
        this.gamma = gamma;
        this.ridge = ridge;
    }

    @Override
    public void add(Tensor features, long[] columns) {
        try (var _ = new TensorScope()) {
            append(FEATURES, features);
            append(COLUMNS, Tensors.of(columns, columns.length));
        }
    }

    private void append(String name, Tensor rows) {
        matrices.put(name, matrices.has(name) ? Tensors.concat(0, matrices.get(name), rows) : rows);
    }

    @Override
    public void solve(int columns) {
        try (var _ = new TensorScope()) {
            Tensor features = matrices.get(FEATURES);
            Tensor kernel = kernel(features, features);
            kernel.diagonal().add_(new Scalar(ridge));
            Tensor targets = torch.one_hot(matrices.get(COLUMNS), columns).to(torch.ScalarType.Double);
            matrices.put(
                    ALPHA,
                    torch.cholesky_solve(targets, torch.linalg_cholesky(kernel)).contiguous());
        }
    }

    /** Returns {@code exp(-gamma |a - b|^2)} for every pair of rows, {@code [rows of a, rows of b]}. */
    private Tensor kernel(Tensor a, Tensor b) {
        return TensorScope.compute(() -> {
            Tensor wideA = a.to(torch.ScalarType.Double);
            Tensor wideB = b.to(torch.ScalarType.Double);
            Tensor distances = wideA.matmul(wideB.t())
                    .mul_(new Scalar(-2.0))
                    .add_(squares(wideA).unsqueeze(1))
                    .add_(squares(wideB).unsqueeze(0));
            return distances.mul_(new Scalar(-gamma)).exp_();
        });
    }

    private static Tensor squares(Tensor rows) {
        return rows.mul(rows).sum(new long[] {1}, false, new ScalarTypeOptional());
    }

    @Override
    public int solved() {
        return matrices.has(ALPHA) ? Math.toIntExact(matrices.get(ALPHA).size(1)) : 0;
    }

    @Override
    public Tensor scores(Tensor features) {
        return TensorScope.compute(() -> {
            Tensor alpha = matrices.get(ALPHA);
            Tensor solvedFor = matrices.get(FEATURES).narrow(0, 0, alpha.size(0));
            return kernel(features, solvedFor).matmul(alpha);
        });
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
        return matrices.has(ALPHA)
                ? matrices.get(ALPHA).numel() + matrices.get(FEATURES).numel()
                : 0;
    }

    @Override
    public void close() {
        matrices.close();
    }
}
