package dev.perennial.method.regularize;

import dev.perennial.clip.Clip;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.method.Ranges;
import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import dev.perennial.method.Weights;
import dev.perennial.method.tune.Safeguard;
import dev.perennial.method.tune.StartingModel;
import dev.perennial.stream.Experience;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * ZSCL's weight ensemble (Zheng et al. 2023, arXiv 2303.06628, section 3.2): the plain mean of the weights at the start of the experience
 * and after every {@code every}-th step. The student goes on undisturbed; the mean takes its place when the experience ends.
 */
public final class WeightAverage implements Safeguard {
    private final Clip student;
    private final Settings settings;
    private final SequencedMap<String, Tensor> average = new TreeMap<>();
    private Optional<Clip> anchor = Optional.empty();
    private int snapshots;

    /**
     * How weights are averaged.
     *
     * @param every steps from one snapshot to the next, the first step's being one; 0 for no average
     * @param kept share of the mean that is kept when it is pulled to the start after each snapshot; 1 for no pull, as in ZSCL (the
     *     variant {@code we_wise} of its repository has 0.98)
     */
    public record Settings(int every, double kept) {
        /** Checks the ranges. */
        public Settings {
            Ranges.atLeast("average-every", 0, every);
            Ranges.share("average-kept", kept);
        }
    }

    /** Creates the average. */
    public WeightAverage(Clip student, Settings settings) {
        this.student = student;
        this.settings = settings;
    }

    @Override
    public String name() {
        return "average";
    }

    @Override
    public void begin(Experience experience, StartingModel start) {
        snapshots = 0;
        average.putAll(Weights.copies(isOn() ? student.parameters().trained() : Map.of()));
        resume(experience, start);
    }

    @Override
    public void resume(Experience experience, StartingModel start) {
        anchor = isOn() && settings.kept() < 1 ? Optional.of(start.model()) : Optional.empty();
    }

    @Override
    public void stepped(int step) {
        if (isOn() && step % settings.every() == 0) {
            snapshots++;
            try (var _ = new TensorScope();
                    var _ = new AutoGradMode(false)) {
                average.forEach((name, mean) -> {
                    include(mean, student.parameters().get(name), snapshots);
                    anchor.ifPresent(model -> pull(mean, model.parameters().get(name), settings.kept()));
                });
            }
        }
    }

    /** Sets {@code avg = (avg n + theta) / (n + 1)}, where this is the n-th snapshot. */
    public static void include(Tensor mean, Tensor weight, int n) {
        mean.mul_(new Scalar((double) n)).add_(weight).div_(new Scalar(n + 1.0));
    }

    /** Sets {@code weight = kept weight + (1 - kept) anchor}. */
    public static void pull(Tensor weight, Tensor anchor, double kept) {
        weight.lerp_(anchor, new Scalar(1 - kept));
    }

    @Override
    public void end(Experience experience, StartingModel start) {
        Weights.overwrite(student.parameters().trained(), average);
        close();
    }

    @Override
    public boolean canBranch() {
        return !isOn();
    }

    private boolean isOn() {
        return settings.every() > 0;
    }

    @Override
    public void save(StateWriter state) {
        if (!average.isEmpty()) {
            state.record().put("snapshots", snapshots);
            state.tensors(average);
        }
    }

    @Override
    public void restore(StateReader state) {
        close();
        snapshots = state.record().path("snapshots").asInt(0);
        average.putAll(state.tensors());
    }

    @Override
    public void close() {
        average.values().forEach(Tensor::close);
        average.clear();
        anchor = Optional.empty();
    }
}
