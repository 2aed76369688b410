package dev.perennial.benchmarks;

import dev.perennial.clip.tensor.Precision;
import dev.perennial.clip.tensor.TensorScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The plain matrix product that a tower's speed is held against: both products of an MLP, without bias or activation. */
final class Gemm implements AutoCloseable {
    private final Tensor rows;
    private final Tensor hidden;
    private final Tensor expand;
    private final Tensor contract;
    private final double work;

    /** Creates the operands for this many rows. */
    Gemm(Precision precision, long rowCount, long width, long mlpWidth) {
        var type = precision == Precision.BFLOAT16 ? torch.ScalarType.BFloat16 : torch.ScalarType.Float;
        rows = random(type, rowCount, width);
        hidden = random(type, rowCount, mlpWidth);
        expand = random(type, mlpWidth, width);
        contract = random(type, width, mlpWidth);
        work = 4.0 * rowCount * width * mlpWidth;
    }

    /** Multiplies once. */
    void run() {
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            torch.linear(rows, expand);
            torch.linear(hidden, contract);
        }
    }

    /** Returns the floating-point operations of a run. */
    double work() {
        return work;
    }

    @Override
    public void close() {
        rows.close();
        hidden.close();
        expand.close();
        contract.close();
    }

    private static Tensor random(torch.ScalarType type, long... shape) {
        return TensorScope.computeWithoutGradient(() -> torch.randn(shape).to(type));
    }
}
