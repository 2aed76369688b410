package dev.perennial.method.time;

import dev.perennial.clip.Clip;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tower.Initialization;
import dev.perennial.clip.tower.Parameters;
import dev.perennial.data.Dataset;
import dev.perennial.method.LearningPlan;
import dev.perennial.method.MethodContext;
import dev.perennial.method.tune.Safeguard;
import dev.perennial.method.tune.StartingModel;
import dev.perennial.stream.Experience;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;

/**
 * Everything so far, learned anew at each time step with the steps of all of them: TiC-CLIP's Oracle (Garg et al. 2024, arXiv 2310.16226),
 * which costs (T + 1) / 2 times as much as the others.
 */
final class Afresh implements Safeguard {
    private final Clip student;
    private final OracleProvider.From from;
    private final MethodContext context;
    private final RandomStream random;

    Afresh(Clip student, OracleProvider.From from, MethodContext context) {
        this.student = student;
        this.from = from;
        this.context = context;
        this.random = context.random().stream("initial weights");
    }

    @Override
    public String name() {
        return "afresh";
    }

    @Override
    public void begin(Experience experience, StartingModel start) {
        switch (from) {
            case PRETRAINED -> {
                try (Clip pretrained = context.pretrained().get()) {
                    overwrite(name -> pretrained.parameters().get(name));
                }
            }
            case RANDOM -> {
                try (var _ = new TensorScope()) {
                    Parameters drawn = Initialization.draw(student.config(), random);
                    overwrite(drawn::get);
                }
            }
        }
    }

    @Override
    public boolean canBranch() {
        return false;
    }

    private void overwrite(Function<String, Tensor> values) {
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            student.parameters().trained().forEach((name, weight) -> weight.copy_(values.apply(name)));
        }
    }

    @Override
    public LearningPlan.Gradients plan(LearningPlan.Gradients own, Experience experience) {
        List<Dataset> earlier = context.data().stream().stream()
                .limit(experience.index())
                .map(Experience::train)
                .toList();
        return own.over(experience.after(earlier), experience.index() + 1);
    }
}
