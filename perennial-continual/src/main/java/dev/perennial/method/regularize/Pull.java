package dev.perennial.method.regularize;

import dev.perennial.clip.Clip;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.method.Ranges;
import dev.perennial.method.tune.Safeguard;
import dev.perennial.method.tune.StartingModel;
import dev.perennial.stream.Experience;
import java.util.Optional;
import org.bytedeco.pytorch.AutoGradMode;

/**
 * Pulls the student itself a little back to the start after every {@code every}-th step, the variant that ZSCL's repository calls
 * {@code moving_avg}: it is no averaged copy.
 */
public final class Pull implements Safeguard {
    private final Clip student;
    private final int every;
    private final double kept;
    private Optional<Clip> anchor = Optional.empty();

    /**
     * Creates the pull.
     *
     * @param kept share of the student's weights that stays; 1 for no pull
     */
    public Pull(Clip student, int every, double kept) {
        Ranges.atLeast("average-every", 1, every);
        this.student = student;
        this.every = every;
        this.kept = kept;
    }

    @Override
    public String name() {
        return "pull";
    }

    @Override
    public void begin(Experience experience, StartingModel start) {
        anchor = kept < 1 ? Optional.of(start.model()) : Optional.empty();
    }

    @Override
    public void resume(Experience experience, StartingModel start) {
        begin(experience, start);
    }

    @Override
    public void stepped(int step) {
        if (anchor.isPresent() && step % every == 0) {
            try (var _ = new TensorScope();
                    var _ = new AutoGradMode(false)) {
                student.parameters()
                        .trained()
                        .forEach((name, weight) -> WeightAverage.pull(
                                weight, anchor.get().parameters().get(name), kept));
            }
        }
    }

    @Override
    public void end(Experience experience, StartingModel start) {
        anchor = Optional.empty();
    }
}
