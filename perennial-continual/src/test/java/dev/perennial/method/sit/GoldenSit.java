package dev.perennial.method.sit;

import dev.perennial.clip.Clip;
import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.TextConfig;
import dev.perennial.clip.golden.GoldenCase;
import dev.perennial.clip.golden.GoldenClip;
import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.text.Tokenizer;
import dev.perennial.clip.text.Vocabulary;
import dev.perennial.clip.tower.Parameters;
import dev.perennial.clip.tower.TokenBatch;
import dev.perennial.method.Part;
import dev.perennial.method.tune.Forward;
import dev.perennial.method.tune.Matching;
import dev.perennial.method.tune.TaskLoss;
import dev.perennial.run.Yaml;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import tools.jackson.databind.node.ObjectNode;

/** The model of a golden case of SIT with its modules, and the batch of the case. */
final class GoldenSit implements AutoCloseable {
    private final GoldenCase golden;
    final SitOptions options;
    final Clip clip;

    GoldenSit(GoldenCase golden) {
        this.golden = golden;
        this.options = options(golden);
        this.clip = clip(golden);
        options.modules().orElseThrow().addTo(clip, new RandomStream(1));
        clip.parameters().train(name -> options.train().contains(Part.of(name)));
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            modules()
                    .forEach((name, tensor) ->
                            tensor.copy_(GoldenClip.tensor(golden.tensor("param." + original(name)))));
        }
    }

    /** The preset of the repository with the sizes of the case. */
    private static SitOptions options(GoldenCase golden) {
        ObjectNode tree = Yaml.resource("/dev/perennial/method/presets/sit-repository.yaml")
                .withObject("options");
        String towers = golden.config().required("peft_encoder").asString();
        ObjectNode modules = tree.putObject("modules");
        ObjectNode module = modules.putObject(golden.config().required("peft").asString());
        if (modules.has("lora")) {
            module.put("rank", golden.config().required("lora_r").asInt())
                    .put("alpha", golden.config().required("lora_alpha").asDouble())
                    .put("packed", true)
                    .put("start", "perturbed");
            List.of("q", "k", "v", "out").forEach(module.putArray("on")::add);
        } else {
            module.put(
                            "bottleneck",
                            golden.config().required("adapter_bottleneck").asInt())
                    .put("scale", golden.config().required("adapter_scale").asDouble())
                    .put("shared", true);
        }
        if (!towers.equals("both")) {
            module.putArray("towers").add(towers);
        }
        return Yaml.bind("sit-repository", tree, SitOptions.class);
    }

    /** The tokenizer of a tiny model has more tokens than the case; theirs have embeddings of 0 and never come. */
    private static Clip clip(GoldenCase golden) {
        var tokenizer = new Tokenizer(Vocabulary.ofMerges(List.of()));
        ClipConfig config = GoldenClip.config(golden.config());
        TextConfig text = config.text();
        try (var _ = new TensorScope()) {
            Parameters all = GoldenClip.parameters(golden, "param.");
            Map<String, Tensor> own = new LinkedHashMap<>(all.asMap());
            own.keySet().removeIf(name -> name.contains("lora") || name.contains("adaptmlp"));
            Tensor embedding = torch.zeros(
                    new long[] {tokenizer.vocabularySize(), text.transformer().width()});
            embedding.narrow(0, 0, text.vocabularySize()).copy_(all.get(Clip.TOKEN_EMBEDDING));
            own.put(Clip.TOKEN_EMBEDDING, embedding);
            var grown = new ClipConfig(
                    config.embedDim(),
                    config.vision(),
                    new TextConfig(
                            text.contextLength(), tokenizer.vocabularySize(), tokenizer.endId(), text.transformer()));
            Clip clip = new Clip(
                    grown,
                    new Parameters(own),
                    tokenizer,
                    Preprocessing.openai(config.vision().imageSize()));
            all.close();
            return clip;
        }
    }

    SequencedMap<String, Tensor> modules() {
        return clip.parameters().trained();
    }

    /** Returns what the original code calls a parameter of a module. */
    static String original(String name) {
        String[] parts = name.split("\\.", 5);
        String block = (parts[1].equals("image") ? "visual." : "") + "transformer.resblocks." + parts[2] + ".";
        return block
                + switch (parts[3] + "." + parts[4]) {
                    case "lora.qkv.down" -> "attn.in_proj_weight_lora_A";
                    case "lora.qkv.up" -> "attn.in_proj_weight_lora_B";
                    case "lora.out.down" -> "attn.out_proj.lora_A";
                    case "lora.out.up" -> "attn.out_proj.lora_B";
                    default ->
                        "adaptmlp."
                                + parts[4].replace("both.", "")
                                        .replace("down.", "down_proj.")
                                        .replace("up.", "up_proj.");
                };
    }

    /** Returns what the batch of the case gives where it is matched so; the prompts are those of the exposed classes. */
    Forward forward(Matching matching) {
        long[] exposed = golden.tensor("input.exposed_classes").toLongs();
        long[] labels = LongStream.of(golden.tensor("input.label").toLongs())
                .map(label -> LongStream.of(exposed).boxed().toList().indexOf(label))
                .toArray();
        TokenBatch prompts = GoldenClip.tokens(golden.tensor("input.class_text"))
                .select(LongStream.of(exposed).mapToInt(Math::toIntExact).toArray());
        return new TaskLoss(clip, matching, new RandomStream(1))
                .labelled(GoldenClip.tensor(golden.tensor("input.image")), labels, prompts);
    }

    @Override
    public void close() {
        clip.close();
    }
}
