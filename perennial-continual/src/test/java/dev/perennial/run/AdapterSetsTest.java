package dev.perennial.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.Clip;
import dev.perennial.clip.TinyClip;
import dev.perennial.clip.checkpoint.CheckpointException;
import dev.perennial.clip.checkpoint.CheckpointOptions;
import dev.perennial.clip.checkpoint.Safetensors;
import dev.perennial.clip.checkpoint.StoredType;
import dev.perennial.clip.checkpoint.TensorFile;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.method.Candidates;
import dev.perennial.method.ImageClassifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs have learned, in files of their own, over one copy of the model. */
class AdapterSetsTest {
    private static final List<String> METHODS = List.of("moe-adapters", "coleclip", "rail");
    private static final String[] SMALL = {"training.steps=6", "options.ddas.autoencoders.steps=5"};

    @TempDir
    private static Path folder = Path.of("");

    private static TinyRuns tiny = new TinyRuns(Path.of(""));

    @BeforeAll
    static void learn() {
        tiny = TinyRuns.in(folder);
        for (String method : METHODS) {
            String[] settings = switch (method) {
                case "moe-adapters" -> SMALL;
                case "rail" -> new String[] {"options.primal.hidden=24"};
                default -> new String[] {"training.steps=6"};
            };
            tiny.run(method, method, settings);
            AdapterFile.write(folder.resolve(method), tiny.models(), adapter(method));
        }
    }

    @Test
    void severalSetsOverOneModelAnswerAsTheirRunsDoInAnyOrder() {
        try (AdapterSets sets = AdapterSets.over(folder.resolve("model"))) {
            METHODS.forEach(method -> sets.load(method, adapter(method)));
            assertThat(sets.names()).containsExactlyElementsOf(METHODS);
            for (String method : List.of("rail", "moe-adapters", "coleclip", "rail", "moe-adapters")) {
                try (AdaptedModel run = AdaptedModel.open(folder.resolve(method), tiny.models())) {
                    assertThat(scores(sets.use(method))).isEqualTo(scores(run));
                }
            }
        }
    }

    @Test
    void theModelBelowStaysAsItWas() {
        try (AdapterSets sets = AdapterSets.over(folder.resolve("model"));
                AdaptedModel plain = AdaptedModel.open(folder.resolve("model"), tiny.models())) {
            METHODS.forEach(method -> sets.load(method, adapter(method)));
            assertThat(scores(sets.pretrained())).isEqualTo(scores(plain)).isNotEqualTo(scores(sets.use("rail")));
            sets.remove("moe-adapters");
            assertThat(scores(sets.pretrained())).isEqualTo(scores(plain));
            assertThat(scores(sets.use("coleclip"))).hasSize(2);
            assertThatThrownBy(() -> sets.use("moe-adapters")).hasMessageContaining("known: coleclip, rail");
            assertThatThrownBy(() -> sets.load("rail", adapter("rail"))).hasMessageContaining("already");
        }
    }

    @Test
    void aFileIsSmallAndSaysWhatItBelongsTo() throws IOException {
        try (AdapterFile rail = AdapterFile.open(adapter("rail"));
                PretrainedModel model = PretrainedModel.load(folder.resolve("model"))) {
            assertThat(rail.content().modelSha256()).isEqualTo(model.sha256());
            assertThat(rail.content().keepsUnseenImages()).isTrue();
            assertThat(rail.content().experiences()).isEqualTo(2);
        }
        assertThat(AdapterFile.isAdapter(adapter("rail"))).isTrue();
        assertThat(AdapterFile.isAdapter(folder.resolve("model/model.safetensors")))
                .isFalse();
    }

    @Test
    void anotherModelIsRefused() {
        try (Clip other = TinyClip.create(12)) {
            other.save(folder.resolve("other"), StoredType.F32);
        }
        assertThatThrownBy(() ->
                        AdaptedModel.withAdapter(folder.resolve("other"), CheckpointOptions.NONE, adapter("coleclip")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("was learned with 'model'")
                .hasMessageContaining("give the model that it was learned with");
    }

    @Test
    void aMethodThatChangesTheModelHasNoAdapters() {
        Path run = tiny.run("finetune", "finetune", "training.steps=3");
        assertThatThrownBy(() -> AdapterFile.write(run, tiny.models(), folder.resolve("none.safetensors")))
                .hasMessageContaining("models convert");
        assertThat(folder.resolve("none.safetensors")).doesNotExist();
    }

    @Test
    void aFileThatDoesNotFitTogetherIsRefusedByName() {
        Path swapped = folder.resolve("swapped.safetensors");
        try (TensorFile rail = Safetensors.read(adapter("rail"));
                TensorFile coleclip = Safetensors.read(adapter("coleclip"))) {
            Safetensors.write(swapped, rail.tensors().values(), coleclip.metadata());
        }
        refused(swapped, "do not fit together");
        Path plain = folder.resolve("plain.safetensors");
        try (TensorFile rail = Safetensors.read(adapter("rail"))) {
            Safetensors.write(plain, rail.tensors().values(), Map.of());
            refused(plain, "is no adapter file");
            Safetensors.write(plain, rail.tensors().values(), Map.of("perennial-adapter", "{\"format\": 1}"));
            refused(plain, "its adapter record is damaged");
        }
    }

    @Test
    void aTruncatedFileIsRefusedByName() throws IOException {
        byte[] whole = Files.readAllBytes(adapter("rail"));
        Path cut = Files.write(folder.resolve("cut.safetensors"), Arrays.copyOf(whole, whole.length / 2));
        refused(cut, "cut.safetensors");
    }

    private void refused(Path file, String why) {
        try (AdapterSets sets = AdapterSets.over(folder.resolve("model"))) {
            assertThatThrownBy(() -> sets.load("strange", file))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(file.getFileName().toString())
                    .hasMessageContaining(why);
            assertThat(sets.names()).isEmpty();
        }
    }

    private static Path adapter(String method) {
        return folder.resolve(method + ".safetensors");
    }

    private static List<Float> scores(AdaptedModel model) {
        var candidates = new Candidates(List.of("red", "green"), PromptTemplates.of("a {} picture"));
        float[] pixels = new float[3 * TinyClip.IMAGE_SIZE * TinyClip.IMAGE_SIZE];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) Math.sin(0.37 * i);
        }
        try (var _ = new TensorScope();
                ImageClassifier classifier = model.clip().classifier(candidates, OptionalInt.empty())) {
            float[] scores = Tensors.toFloats(
                    classifier.logits(Tensors.of(pixels, 1, 3, TinyClip.IMAGE_SIZE, TinyClip.IMAGE_SIZE)));
            return List.of(scores[0], scores[1]);
        }
    }
}
