package dev.perennial.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.Clip;
import dev.perennial.clip.config.Activation;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.data.Pictures;
import dev.perennial.run.ConfigException;
import dev.perennial.run.PretrainConfigs;
import dev.perennial.stream.EvaluationSet;
import dev.perennial.stream.Streams;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainingTest {
    private static final String CONFIG = """
            name: tiny
            seed: 5
            model:
              embed_dim: 8
              activation: gelu
              vision: {image_size: 16, patch_size: 8, width: 16, layers: [1], heads: 2}
              text: {context_length: 24, vocab_size: 530, width: 16, layers: 1, heads: 2}
            average-decay: 0.9
            data:
              - data: {path: warm}
                weight: 0.7
              - data: {path: captions.csv}
                weight: 0.3
                captions: [en, de]
            training: {steps: 8, warm-up: 2, batch-size: 6, precision: float32, threads: 2}
            validation:
              - {name: warm, data: {path: warm}}
            validate-every: 4
            """;

    @TempDir
    Path folder;

    private final List<PretrainReport> reports = new ArrayList<>();

    @BeforeEach
    void makeData() throws IOException {
        Pictures.write(folder.resolve("warm"), 4, 3, "red", "yellow");
        Files.write(folder.resolve("blue.png"), Pictures.png("blue", 0));
        Files.write(folder.resolve("green.png"), Pictures.png("green", 0));
        Files.writeString(folder.resolve("captions.csv"), """
                image,caption,lang,split
                blue.png,the blue sea at noon,en,train
                blue.png,das blaue Meer,de,train
                green.png,a green meadow at noon,en,train
                """);
    }

    @Test
    void theModelIsWrittenAsAFolderThatOpensLikeAnyOther() {
        Path model = pretrain("model");
        try (Clip clip = Clip.load(model)) {
            assertThat(clip.config().embedDim()).isEqualTo(8);
            assertThat(clip.config().activation()).isEqualTo(Activation.GELU);
            assertThat(clip.config().text().vocabularySize())
                    .isEqualTo(clip.tokenizer().vocabularySize())
                    .isBetween(515, 530);
            assertThat(clip.tokenizer().contextLength()).isEqualTo(24);
            assertThat(clip.preprocessing().imageSize()).isEqualTo(16);
            assertThat(clip.logitScale()).isBetween(1.0, 100.0);
            assertThat(clip.embedImage(folder.resolve("blue.png"))).hasSize(8);
            assertThat(clip.embedText("the blue sea")).hasSize(8);
        }
    }

    @Test
    void theSameSeedGivesTheSameVocabularyAndWeightsByteForByte() throws IOException {
        Path first = pretrain("first");
        Path second = pretrain("second", "training.threads=1");
        for (String file : List.of("tokenizer.json", "model.safetensors", "config.json", "preprocessor_config.json")) {
            assertThat(Files.mismatch(first.resolve(file), second.resolve(file)))
                    .as(file)
                    .isEqualTo(-1);
        }
        Path other = pretrain("other", "seed=6");
        assertThat(Files.mismatch(first.resolve("tokenizer.json"), other.resolve("tokenizer.json")))
                .as("the vocabulary depends on the texts alone")
                .isEqualTo(-1);
        assertThat(Files.mismatch(first.resolve("model.safetensors"), other.resolve("model.safetensors")))
                .isNotEqualTo(-1);
    }

    @Test
    void progressAndValidationAreReported() {
        pretrain("model");
        assertThat(reports.getFirst()).isInstanceOf(PretrainReport.VocabularyTrained.class);
        assertThat(reports)
                .filteredOn(PretrainReport.Validated.class::isInstance)
                .map(PretrainReport.Validated.class::cast)
                .satisfiesExactly(
                        halfway -> assertThat(halfway.step()).isEqualTo(4),
                        end -> assertThat(end.scores()).containsKeys("warm", "warm mean per-class recall"));
        assertThat(reports)
                .filteredOn(PretrainReport.Stepped.class::isInstance)
                .map(PretrainReport.Stepped.class::cast)
                .singleElement()
                .satisfies(last -> assertThat(last.step()).isEqualTo(8));
    }

    @Test
    void pretrainingLeavesNothingNativeBehind() {
        pretrain("first");
        long base = TensorScope.liveObjects();
        pretrain("second");
        assertThat(TensorScope.liveObjects()).isLessThanOrEqualTo(base);
    }

    @Test
    void theLastWeightsAreWrittenWhereNoAverageIsAsked() throws IOException {
        Path averaged = pretrain("averaged");
        Path last = pretrain("last", "average-decay=0");
        assertThat(Files.mismatch(averaged.resolve("model.safetensors"), last.resolve("model.safetensors")))
                .isNotEqualTo(-1);
    }

    @Test
    void settingsThatCannotWorkAreRefused() {
        assertThatThrownBy(() -> pretrain("model", "training.accumulate=2"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("batch-size");
        assertThatThrownBy(() -> pretrain("model", "data=[]")).hasMessageContaining("no data set");
        assertThatThrownBy(() -> pretrain("model", "average-decay=1")).hasMessageContaining("average-decay");
        assertThatThrownBy(() -> pretrain("model", "model.text.vocab_size=100"))
                .hasMessageContaining("vocabulary size 100");
        assertThatThrownBy(() -> pretrain("model", "data=[{data: {path: captions.csv}, weight: 1}]"))
                .hasMessageContaining("set captions");
        assertThat(folder.resolve("model")).doesNotExist();
    }

    @Test
    void aSampleWithoutACaptionInTheLanguagesIsNamed() {
        String german = "data=[{data: {path: captions.csv}, weight: 1, captions: [de]}]";
        assertThatThrownBy(() -> pretrain("model", german))
                .hasMessageContaining("green.png")
                .hasMessageContaining("[de]");
    }

    private Path pretrain(String name, String... overrides) {
        Path file = folder.resolve("pretrain.yaml");
        try {
            Files.writeString(file, CONFIG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        PretrainConfigs.Resolved resolved = PretrainConfigs.read(file, List.of(overrides));
        PretrainConfig config = resolved.config();
        Path cache = folder.resolve("cache");
        Path output = folder.resolve(name);
        try (PretrainData data = new PretrainData(config.data(), resolved.baseFolder(), cache)) {
            Streams opener = new Streams(resolved.baseFolder(), cache);
            List<EvaluationSet> validation =
                    config.validation().stream().map(opener::control).toList();
            new Pretraining(config, data, validation, reports::add).run(output);
            validation.forEach(set -> set.test().close());
        }
        return output;
    }
}
