package dev.perennial.benchmarks;

import dev.perennial.clip.Clip;
import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.loss.ContrastiveLoss;
import dev.perennial.clip.tensor.Precision;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tower.TokenBatch;
import dev.perennial.method.ParameterGroup;
import dev.perennial.method.ParameterGroups;
import dev.perennial.train.AdamW;
import dev.perennial.train.AdamWConfig;
import dev.perennial.train.OptimizerStep;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Whole steps of contrastive training: both towers, the loss, all gradients, AdamW. */
final class TrainingContenders implements AutoCloseable {
    /** Small enough to leave random weights where they are. */
    private static final double LEARNING_RATE = 1e-7;

    private final Clip clip;
    private final List<ParameterGroup> groups;
    private final AdamW optimizer;
    private final Tensor pixels;
    private final TokenBatch texts;

    /** Takes over the model. */
    TrainingContenders(Clip clip, int batch) {
        this(clip, batch, _ -> true);
    }

    /** Takes over the model, of which the named parameters are trained. */
    TrainingContenders(Clip clip, int batch, Predicate<String> trained) {
        this.clip = clip;
        clip.parameters().train(trained);
        groups = ParameterGroups.byDecay(clip.parameters().trained());
        optimizer = new AdamW(groups, AdamWConfig.FINE_TUNING);
        int size = clip.config().vision().imageSize();
        pixels = TensorScope.computeWithoutGradient(() -> torch.randn(batch, 3, size, size));
        texts = clip.tokens(TextContenders.prompts(batch));
    }

    List<Contender> all() {
        ClipConfig config = clip.config();
        // A gradient takes two products where the forward pass takes one.
        double work = 3 * texts.size() * (Work.image(config) + Work.text(config, texts.length()));
        return Arrays.stream(Precision.values())
                .map(precision -> new Contender(
                        "training step", texts.size(), precision, work, step(precision), Optional.empty()))
                .toList();
    }

    AdamW optimizer() {
        return optimizer;
    }

    private Runnable step(Precision precision) {
        var step = new OptimizerStep(groups, optimizer, precision, Optional.of(1.0));
        return () -> step.take("the benchmark", List.of(this::loss), LEARNING_RATE);
    }

    private Tensor loss() {
        return ContrastiveLoss.clip(
                clip.encodeImages(pixels),
                clip.encodeTexts(texts),
                clip.parameters().get("logit_scale"));
    }

    @Override
    public void close() {
        optimizer.clearGradients();
        optimizer.close();
        pixels.close();
        clip.close();
    }
}
