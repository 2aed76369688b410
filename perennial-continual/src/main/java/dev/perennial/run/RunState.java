package dev.perennial.run;

import dev.perennial.data.BadSample;
import dev.perennial.evaluate.alignment.AlignmentRecorder;
import dev.perennial.train.TrainingState;
import dev.perennial.train.checkpoint.StoredCheckpoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a checkpoint holds beside tensors.
 *
 * @param format version of this record
 * @param experience index of the experience
 * @param name of the experience
 * @param method name of the method
 * @param modelSha256 hash of the pretrained weights, to which the tensors are the difference
 * @param random position of every random stream
 * @param training where the training of the experience is; absent after its end
 * @param methodRecord the method's own record
 * @param keepsUnseenImages whether images unlike those learned are embedded as by the pretrained model, so that an index of them
 *     stays valid; absent in checkpoints of earlier versions
 * @param ledger what was measured
 * @param badSamples what could not be used
 */
record RunState(
        int format,
        int experience,
        String name,
        String method,
        String modelSha256,
        Map<String, Long> random,
        Optional<Training> training,
        JsonNode methodRecord,
        Optional<Boolean> keepsUnseenImages,
        LedgerState ledger,
        List<BadSample> badSamples) {
    static final int FORMAT = 1;
    static final String METHOD = "method";
    static final String OPTIMIZER = "optimizer";

    private static final String KEEPS_UNSEEN_IMAGES = "keeps-unseen-images";

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .enable(
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    /** The part of a training's state that is no tensor. */
    record Training(TrainingState.Progress progress, Map<String, Long> updates) {}

    JsonNode toJson() {
        return JSON.valueToTree(this);
    }

    static RunState read(StoredCheckpoint checkpoint) {
        JsonNode record = checkpoint.record();
        if (record.path("format").asInt(0) != FORMAT) {
            throw new ConfigException(checkpoint.path() + ": was written by another version of Perennial (format "
                    + record.path("format").asString("unknown") + ", this one reads " + FORMAT
                    + "); resume it with that version");
        }
        // Checkpoints from before all this was measured are whole in all else.
        if (record.path("ledger") instanceof ObjectNode ledger) {
            ledger.putIfAbsent("alignment", JSON.valueToTree(AlignmentRecorder.State.NONE));
            ledger.putIfAbsent("diagnosis", JSON.createArrayNode());
            ledger.putIfAbsent("anytime", JSON.valueToTree(Anytime.State.NONE));
        }
        if (record.path("training").path("progress") instanceof ObjectNode progress && !progress.has("arrival")) {
            progress.putNull("arrival");
        }
        if (record instanceof ObjectNode fields && !fields.has(KEEPS_UNSEEN_IMAGES)) {
            fields.putNull(KEEPS_UNSEEN_IMAGES);
        }
        try {
            return JSON.treeToValue(record, RunState.class);
        } catch (JacksonException e) {
            throw new ConfigException(checkpoint.path() + ": cannot be understood (" + e.getOriginalMessage()
                    + "); was it written by another version of Perennial?");
        }
    }
}
