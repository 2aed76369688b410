package dev.perennial.pretrain;

import dev.perennial.clip.Clip;
import dev.perennial.clip.TensorStorage;
import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.checkpoint.TensorFile;
import dev.perennial.clip.loss.ContrastiveLoss;
import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tower.Parameters;
import dev.perennial.data.BatchSampler;
import dev.perennial.data.LoadedBatch;
import dev.perennial.method.ParameterGroup;
import dev.perennial.method.ParameterGroups;
import dev.perennial.pretrain.distill.Distillation;
import dev.perennial.train.AdamW;
import dev.perennial.train.OptimizerStep;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;

/** Everything that changes while a model is pretrained: weights, their average, optimizer, queue and random streams. */
final class Learner implements AutoCloseable {
    private static final String WEIGHT = "weight.";
    private static final String AVERAGE = "average.";
    private static final String OPTIMIZER = "optimizer.";

    private final Clip clip;
    private final WeightAverage average;
    private final RandomStreams random;
    private final PairQueue queue;
    private final SequencedMap<String, Tensor> trained;
    private final AdamW optimizer;
    private final OptimizerStep step;
    private final StepLoss loss;

    Learner(
            Clip clip,
            PretrainConfig config,
            PretrainData data,
            Optional<Distillation> distillation,
            RandomStreams random) {
        this.clip = clip;
        this.random = random;
        this.average = new WeightAverage(clip.parameters(), config.averageDecay());
        this.queue = new PairQueue(config.queue());
        clip.parameters().train(_ -> true);
        this.trained = new LinkedHashMap<>(clip.parameters().trained());
        distillation.ifPresent(teachers -> trained.putAll(teachers.heads()));
        List<ParameterGroup> groups = ParameterGroups.byDecay(trained);
        this.optimizer = new AdamW(groups, config.training().optimizer());
        this.step = new OptimizerStep(
                groups,
                optimizer,
                config.training().precision(),
                config.training().clipNorm());
        this.loss = new StepLoss(clip, data, distillation, queue, random);
    }

    /** Takes a step and returns its loss. */
    double learn(LoadedBatch batch, int number, double learningRate) {
        OptimizerStep.Outcome outcome = step.take("step " + number, List.of(() -> loss.of(batch)), learningRate);
        ContrastiveLoss.clampLogitScale(clip.parameters().get("logit_scale"));
        average.update(clip.parameters());
        return outcome.loss();
    }

    /** Returns the weights that become the model. */
    Parameters result(double averageDecay) {
        return averageDecay > 0 ? average.average() : clip.parameters();
    }

    List<StoredTensor> tensors() {
        List<StoredTensor> tensors = new ArrayList<>();
        trained.forEach((name, tensor) -> tensors.add(TensorStorage.store(WEIGHT + name, tensor)));
        average.average().asMap().forEach((name, tensor) -> tensors.add(TensorStorage.store(AVERAGE + name, tensor)));
        optimizer.tensors().forEach((name, tensor) -> tensors.add(tensor.named(OPTIMIZER + name)));
        List<PairQueue.Pairs> pairs = queue.pairs();
        for (int i = 0; i < pairs.size(); i++) {
            tensors.add(TensorStorage.store("queue.images." + i, pairs.get(i).images()));
            tensors.add(TensorStorage.store("queue.texts." + i, pairs.get(i).texts()));
        }
        return tensors;
    }

    PretrainCheckpoints.State state(
            int taken,
            int planned,
            boolean lasting,
            String identity,
            BatchSampler.Position position,
            double seconds,
            TrainingHistory history) {
        return new PretrainCheckpoints.State(
                taken,
                planned,
                lasting,
                identity,
                "",
                position,
                random.state(),
                optimizer.steps(),
                queue.pairs().stream()
                        .map(pairs -> LongStream.of(pairs.groups()).boxed().toList())
                        .toList(),
                seconds,
                history);
    }

    /** Puts back what {@link #tensors()} and {@link #state} returned. */
    void restore(PretrainCheckpoints.State state, TensorFile file) {
        random.restore(state.random());
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            trained.forEach((name, tensor) -> tensor.copy_(TensorStorage.load(file.tensor(WEIGHT + name))));
            average.restore(name -> TensorStorage.load(file.tensor(AVERAGE + name)), state.step());
            Map<String, StoredTensor> moments = new HashMap<>();
            file.tensors().forEach((name, stored) -> {
                if (name.startsWith(OPTIMIZER)) {
                    moments.put(name.substring(OPTIMIZER.length()), stored);
                }
            });
            optimizer.restore(moments, state.adamSteps());
            for (int i = 0; i < state.queued().size(); i++) {
                queue.add(
                        TensorStorage.load(file.tensor("queue.images." + i)),
                        TensorStorage.load(file.tensor("queue.texts." + i)),
                        state.queued().get(i).stream()
                                .mapToLong(Long::longValue)
                                .toArray());
            }
        }
    }

    @Override
    public void close() {
        optimizer.clearGradients();
        optimizer.close();
        queue.close();
        average.close();
    }
}
