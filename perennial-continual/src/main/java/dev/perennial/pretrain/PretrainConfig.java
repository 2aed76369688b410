package dev.perennial.pretrain;

import dev.perennial.evaluate.EvaluationConfig;
import dev.perennial.stream.TaskSpec;
import dev.perennial.train.TrainingConfig;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Everything that decides a pretraining.
 *
 * @param name what the model is called
 * @param seed of all randomness
 * @param model sizes, of the form of the bundled model configurations; the vocabulary size is an upper bound
 * @param averageDecay decay of the moving average of the weights, which becomes the model; 0 for the last weights
 * @param data what is learned
 * @param training how; its length is in steps
 * @param evaluation how the model is judged
 * @param validation sets that it is judged on
 * @param validateEvery steps between two validations
 */
public record PretrainConfig(
        String name,
        long seed,
        JsonNode model,
        double averageDecay,
        List<PretrainSource> data,
        TrainingConfig training,
        EvaluationConfig evaluation,
        List<TaskSpec> validation,
        int validateEvery) {
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
        if (validateEvery < 1) {
            throw new IllegalArgumentException("validate-every must be at least 1 but is " + validateEvery);
        }
        if (training.steps().isEmpty()) {
            throw new IllegalArgumentException("training.steps must be set; a mixture of data sets has no epochs");
        }
        if (training.accumulate() != 1) {
            throw new IllegalArgumentException("training.accumulate must be 1 but is " + training.accumulate()
                    + "; a contrast needs all of its batch at once, so raise training.batch-size");
        }
    }
}
