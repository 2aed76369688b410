package dev.perennial.method.coleclip;

import dev.perennial.clip.TensorStorage;
import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.VitConfig;
import dev.perennial.clip.golden.GoldenCase;
import dev.perennial.clip.golden.GoldenClip;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.tower.ImageTower;
import dev.perennial.clip.tower.Parameters;
import dev.perennial.clip.tower.TextTower;
import dev.perennial.method.LearnedClasses;
import dev.perennial.method.MethodState;
import dev.perennial.method.StateReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The method's parts as a golden case has them in the middle of its last task. */
final class GoldenTask implements AutoCloseable {
    private final GoldenCase golden;
    private final Parameters parameters;
    private final ClipConfig config;
    final TaskPrompts prompts;
    final KeyValueLora lora;
    final Vocabulary vocabulary;
    final List<String> vocabularyNames;
    final LearnedClasses learned = new LearnedClasses();
    final List<String> classNames;
    final double logitScale;
    final TaskObjective objective;
    private final CurrentTask current;
    private final Tensor start;

    GoldenTask(GoldenCase golden) {
        this.golden = golden;
        this.parameters = GoldenClip.parameters(golden, "param.");
        this.config = GoldenClip.config(golden.config());
        JsonNode sizes = golden.config();
        int task = sizes.required("t").asInt();
        int perTask = sizes.required("prompts_per_task").asInt();
        int width = ((VitConfig) config.vision()).transformer().width();
        prompts = new TaskPrompts(perTask, width);
        StoredTensor all = golden.tensor("param.task_prompt");
        Map<String, StoredTensor> rows = new HashMap<>();
        for (int t = 0; t <= task; t++) {
            rows.put(String.valueOf(t), all.rows(t, t + 1).reshaped(perTask, width));
        }
        prompts.restore(state(rows));
        prompts.of(task).set_requires_grad(true);

        var text = config.text().transformer();
        lora = new KeyValueLora(
                text.layers(), text.width(), sizes.required("lora_rank").asInt());
        Map<String, StoredTensor> updates = new HashMap<>();
        lora.parameters().keySet().forEach(name -> updates.put(name, golden.tensor("param.lora." + name)));
        lora.restore(state(updates));

        vocabularyNames = strings(golden.json().required("vocab_names"));
        vocabulary = new Vocabulary(config.embedDim());
        JsonNode taught = golden.json().required("task_classes");
        for (int t = 0; t <= task; t++) {
            learned.append(t, strings(taught.required(String.valueOf(t))));
        }
        classNames = strings(taught.required(String.valueOf(task)));
        try (var _ = new TensorScope()) {
            vocabulary.add(vocabularyNames, tensor("input.vocab"));
            start = vocabulary.of(classNames).retainReference();
            logitScale = Math.exp(parameters.get("logit_scale").item_double());
        }
        var margin = new EnergyMargin(sizes.required("gamma_percentile").asDouble(), logitScale);
        objective = TaskObjective.of(learned, classNames, margin);
        current = new CurrentTask(classNames, GoldenClip.tokens(golden.tensor("input.class_text")), objective, 0);
    }

    private static StateReader state(Map<String, StoredTensor> tensors) {
        return new StateReader(new MethodState(tensors, JsonNodeFactory.instance.objectNode()));
    }

    static List<String> strings(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }

    Tensor tensor(String name) {
        return TensorStorage.load(golden.tensor(name));
    }

    Tensor labels() {
        return Tensors.of(
                golden.tensor("input.label").toLongs(),
                golden.tensor("input.label").dimension(0));
    }

    Tensor encoded() {
        ImageTower tower = ImageTower.of(config.vision(), parameters);
        return tower.forward(tensor("input.image"), tower.emptySites().readers(prompts));
    }

    Tensor views() {
        return Tensors.normalized(prompts.views(encoded()));
    }

    Tensor texts() {
        TextTower tower = new TextTower(config.text(), parameters);
        return tower.forward(current.classPrompts(), lora.attachTo(tower.emptySites()));
    }

    Tensor fused() {
        return Vocabulary.fused(vocabulary.of(classNames), texts());
    }

    /** Returns the loss of a batch and proposes the embeddings that follow. */
    Tensor loss(int stage) {
        return TensorScope.compute(() -> {
            Tensor fused = fused();
            double momentum = golden.config().required("momentum").asDouble();
            current.propose(Vocabulary.moved(vocabulary.of(classNames), fused, momentum));
            return current.loss(stage - 1, views(), fused, vocabulary, labels()).add(TaskObjective.drift(fused, start));
        });
    }

    void acceptProposal() {
        current.accept(vocabulary);
    }

    @Override
    public void close() {
        current.close();
        start.close();
        prompts.close();
        lora.close();
        vocabulary.close();
        parameters.close();
    }
}
