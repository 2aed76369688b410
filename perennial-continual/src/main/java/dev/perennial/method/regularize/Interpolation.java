package dev.perennial.method.regularize;

import dev.perennial.clip.Clip;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.method.MethodContext;
import dev.perennial.method.tune.Safeguard;
import dev.perennial.method.tune.StartingModel;
import dev.perennial.stream.Experience;
import org.bytedeco.pytorch.AutoGradMode;

/**
 * WiSE-FT's interpolation of weights after each experience, {@code theta = (1 - alpha) theta + alpha theta_0} (Wortsman et al. 2022, arXiv
 * 2109.01903, with alpha counted from the other end).
 */
final class Interpolation implements Safeguard {
    private final Clip student;
    private final double alpha;
    private final WiseFtProvider.Towards towards;
    private final MethodContext context;

    Interpolation(Clip student, double alpha, WiseFtProvider.Towards towards, MethodContext context) {
        this.student = student;
        this.alpha = alpha;
        this.towards = towards;
        this.context = context;
    }

    @Override
    public String name() {
        return "interpolation";
    }

    @Override
    public void begin(Experience experience, StartingModel start) {
        if (alpha > 0 && towards == WiseFtProvider.Towards.START) {
            start.model();
        }
    }

    @Override
    public boolean canBranch() {
        return false;
    }

    @Override
    public void end(Experience experience, StartingModel start) {
        if (alpha > 0) {
            switch (towards) {
                case START -> interpolate(start.model());
                case PRETRAINED -> {
                    try (Clip pretrained = context.pretrained().get()) {
                        interpolate(pretrained);
                    }
                }
            }
        }
    }

    private void interpolate(Clip other) {
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            student.parameters()
                    .trained()
                    .forEach((name, weight) ->
                            WeightAverage.pull(weight, other.parameters().get(name), 1 - alpha));
        }
    }
}
