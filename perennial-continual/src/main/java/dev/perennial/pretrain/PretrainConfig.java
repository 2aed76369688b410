package dev.perennial.pretrain;

import dev.perennial.evaluate.EvaluationConfig;
import dev.perennial.pretrain.distill.DistillationConfig;
import dev.perennial.stream.TaskSpec;
import dev.perennial.train.TrainingConfig;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Everything that decides a pretraining.
 *
 * @param name what the model is called
 * @param seed of all randomness
 * @param model sizes, of the form of the bundled model configurations; the vocabulary size is an upper bound
 * @param averageDecay decay of the moving average of the weights, which becomes the model; 0 for the last weights
 * @param queue pairs of earlier batches that serve as further negatives, so that a small batch contrasts like a large one
 * @param distillation teachers to learn from beside the data; absent for none
 * @param data what is learned
 * @param training how; its length is in steps
 * @param evaluation how the model is judged
 * @param validation sets that it is judged on
 * @param validateEvery steps between two validations
 * @param checkpointMinutes minutes after which an interrupted training loses no more
 */
public record PretrainConfig(
        String name,
        long seed,
        JsonNode model,
        double averageDecay,
        int queue,
        Optional<DistillationConfig> distillation,
        List<PretrainSource> data,
        TrainingConfig training,
        EvaluationConfig evaluation,
        List<TaskSpec> validation,
        int validateEvery,
        double checkpointMinutes) {
    /** Checks the ranges. */
    public PretrainConfig {
        data = List.copyOf(data);
        validation = List.copyOf(validation);
        if (data.isEmpty()) {
            throw new IllegalArgumentException("data names no data set to learn from");
        }
        if (!(averageDecay >= 0 && averageDecay < 1)) {
            throw new IllegalArgumentException("average-decay must be in [0, 1) but is " + averageDecay);
        }
        if (queue < 0) {
            throw new IllegalArgumentException("queue must be at least 0 but is " + queue);
        }
        if (!(checkpointMinutes > 0)) {
            throw new IllegalArgumentException("checkpoint-minutes must be positive but is " + checkpointMinutes);
        }
        if (validateEvery < 1) {
            throw new IllegalArgumentException("validate-every must be at least 1 but is " + validateEvery);
        }
        if (training.steps().isEmpty()) {
            throw new IllegalArgumentException("training.steps must be set; a mixture of data sets has no epochs");
        }
        if (training.accumulate() != 1) {
            throw new IllegalArgumentException("training.accumulate must be 1 but is " + training.accumulate()
                    + "; a contrast needs all of its batch at once, so raise training.batch-size or set queue");
        }
    }
}
