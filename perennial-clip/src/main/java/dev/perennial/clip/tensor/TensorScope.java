package dev.perennial.clip.tensor;

import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;

/**
 * Owns the native memory made while it is open: closing it frees every tensor created on this thread since it was opened, except
 * those it was told to {@linkplain #keep keep}.
 *
 * <p>Scopes nest. Wrapping each block of a tower keeps the peak memory of a forward pass at one block's intermediates.
 */
public final class TensorScope implements AutoCloseable {
    private final PointerScope enclosing;
    private final PointerScope scope;

    /** Opens a scope on this thread. */
    @SuppressWarnings("NullAway") // the engine returns null where no scope is open; never dereferenced before the check
    public TensorScope() {
        enclosing = PointerScope.getInnerScope();
        scope = new PointerScope();
    }

    /** Hands a tensor to the enclosing scope, or to the caller alone where there is none, and returns it. */
    public <T extends Pointer> T keep(T pointer) {
        if (enclosing != null) {
            enclosing.attach(pointer);
        } else {
            pointer.retainReference();
        }
        return pointer;
    }

    @Override
    public void close() {
        scope.close();
    }

    /** Computes a tensor in a scope of its own: only the result outlives the call. */
    public static Tensor compute(Supplier<Tensor> body) {
        try (var scope = new TensorScope()) {
            return scope.keep(body.get());
        }
    }

    /** Computes a tensor in a scope of its own without recording a graph for gradients. */
    public static Tensor computeWithoutGradient(Supplier<Tensor> body) {
        try (var scope = new TensorScope();
                var _ = new AutoGradMode(false)) {
            return scope.keep(body.get());
        }
    }

    /** Returns the number of native objects alive in this process, by which a test sees a leak. */
    public static long liveObjects() {
        return Pointer.totalCount();
    }
}
