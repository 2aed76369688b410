package dev.perennial.run;

import dev.perennial.clip.Clip;
import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.method.Method;
import dev.perennial.method.MethodState;
import dev.perennial.train.TrainingConfig;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What makes of a pretrained model the adapted one, beside tensors.
 *
 * @param method name of the method
 * @param options the method's own settings
 * @param seed of the run
 * @param training how the run trained
 * @param record the method's own record
 */
public record Adaptation(String method, JsonNode options, long seed, TrainingConfig training, JsonNode record) {
    static Adaptation of(RunConfig config, RunState state) {
        return new Adaptation(
                config.method(), config.options(), config.seed(), config.training(), state.methodRecord());
    }

    /**
     * Returns the method as it was when its state was saved.
     *
     * @param place names it in errors
     * @param clip taken over by the method, and closed if it fails
     */
    Method restore(String place, Clip clip, Map<String, StoredTensor> tensors) {
        Method method;
        try {
            method = MethodCatalog.require(place, this.method)
                    .create(clip, options, MethodContexts.use(seed, training, clip.preprocessing()));
        } catch (RuntimeException e) {
            clip.close();
            throw e;
        }
        boolean complete = false;
        try {
            method.restore(new MethodState(tensors, record));
            complete = true;
            return method;
        } finally {
            if (!complete) {
                method.close();
            }
        }
    }
}
