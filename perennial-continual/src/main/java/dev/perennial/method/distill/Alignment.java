package dev.perennial.method.distill;

import dev.perennial.clip.Clip;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.tower.TokenBatch;
import dev.perennial.method.Batch;
import dev.perennial.method.tune.Forward;
import dev.perennial.method.tune.Safeguard;
import dev.perennial.method.tune.StartingModel;
import dev.perennial.stream.Experience;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Mod-X's term: the similarities of each batch stay as the model of the last experience had them. Where images have classes instead of
 * captions, the texts are the prompts of all classes.
 */
public final class Alignment implements Safeguard {
    private final double weight;
    private final AlignmentLoss loss;
    private Optional<Clip> old = Optional.empty();

    /**
     * Creates the safeguard.
     *
     * @param weight alpha; 0 for none
     */
    public Alignment(double weight, AlignmentLoss loss) {
        this.weight = weight;
        this.loss = loss;
    }

    @Override
    public String name() {
        return "alignment";
    }

    @Override
    public void begin(Experience experience, StartingModel start) {
        old = weight > 0 ? Optional.of(start.model()) : Optional.empty();
    }

    @Override
    public void resume(Experience experience, StartingModel start) {
        begin(experience, start);
    }

    @Override
    public Optional<Tensor> term(Batch batch, Forward forward) {
        return old.map(model -> loss.of(
                        cosines(model, batch.pixels(), forward.tokens()),
                        Tensors.normalized(forward.images())
                                .matmul(Tensors.normalized(forward.texts()).t()),
                        forward.matches(),
                        model.logitScale())
                .mul(new Scalar(weight)));
    }

    private static Tensor cosines(Clip model, Tensor pixels, TokenBatch texts) {
        return TensorScope.computeWithoutGradient(() -> Tensors.normalized(model.encodeImages(pixels))
                .matmul(Tensors.normalized(model.encodeTexts(texts)).t()));
    }

    @Override
    public void end(Experience experience, StartingModel start) {
        old = Optional.empty();
    }
}
