package dev.perennial.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.Clip;
import dev.perennial.clip.config.Activation;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.data.Pictures;
import dev.perennial.pretrain.distill.DistillationOpener;
import dev.perennial.run.ConfigException;
import dev.perennial.run.PretrainConfigs;
import dev.perennial.stream.EvaluationSet;
import dev.perennial.stream.Streams;
import dev.perennial.teacher.RecordedTeachers;
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

    private static final String DISTILLED =
            "distillation={image: {model: teacher.onnx, image-size: 8, mean: 0.5, std: 0.5,"
                    + " features: {output: features, weight: 1}, labels: {output: logits, first: 1, classes: classes.txt,"
                    + " templates: ['a {}.'], sample: 2, temperature: 1, weight: 1}}, text: {model: hash, weight: 1, words: 3}}";

    @TempDir
    Path folder;

    private boolean resume;
    private boolean checkpointAlways;
    private boolean stopAsked;
    private int stopAfter = Integer.MAX_VALUE;

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
        Files.writeString(folder.resolve("classes.txt"), "red\nyellow\ngreen\n");
        Files.writeString(folder.resolve("teacher.onnx"), "a teacher");
    }

    private void hear(PretrainReport report) {
        reports.add(report);
        if (report instanceof PretrainReport.Stepped stepped && stepped.step() > stopAfter) {
            throw new IllegalStateException("the power went out");
        }
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
                .extracting(PretrainReport.Stepped::step)
                .containsExactly(5, 8);
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

    @Test
    void anInterruptedTrainingGoesOnToTheSameModelByteForByte() throws IOException {
        String[] settings = {"queue=12", "validate-every=3", DISTILLED};
        Path calm = pretrain("calm", settings);
        for (int interruption : new int[] {1, 4, 7}) {
            String name = "interrupted after " + interruption;
            assertThatThrownBy(() -> {
                        stopAfter = interruption;
                        checkpointAlways = true;
                        pretrain(name, settings);
                    })
                    .hasMessage("the power went out");
            stopAfter = Integer.MAX_VALUE;
            assertThatThrownBy(() -> pretrain(name, settings)).hasMessageContaining("--resume");
            resume = true;
            Path resumed = pretrain(name, settings);
            resume = false;
            assertThat(Files.mismatch(calm.resolve("model.safetensors"), resumed.resolve("model.safetensors")))
                    .as(name)
                    .isEqualTo(-1);
        }
    }

    @Test
    void aTrainingThatIsAskedToStopSavesAndGoesOnToTheSameModel() throws IOException {
        Path calm = pretrain("calm");
        stopAsked = true;
        Path stopped = pretrain("stopped");
        assertThat(stopped.resolve("model.safetensors")).doesNotExist();
        stopAsked = false;
        resume = true;
        pretrain("stopped");
        assertThat(Files.mismatch(calm.resolve("model.safetensors"), stopped.resolve("model.safetensors")))
                .isEqualTo(-1);
    }

    @Test
    void aTrainingIsNotResumedWithOtherSettings() {
        stopAfter = 2;
        checkpointAlways = true;
        assertThatThrownBy(() -> pretrain("model")).hasMessage("the power went out");
        stopAfter = Integer.MAX_VALUE;
        resume = true;
        assertThatThrownBy(() -> pretrain("model", "training.learning-rate=0.1"))
                .hasMessageContaining("other settings");
        assertThatThrownBy(() -> pretrain("elsewhere")).hasMessageContaining("no unfinished training");
    }

    @Test
    void aTrainingWithACooldownBranchesIntoALongerOne() throws IOException {
        Path once = pretrain("once", "training.steps=12", "training.cooldown=2");
        Path branched = pretrain("branched", "training.cooldown=2");
        resume = true;
        pretrain("branched", "training.steps=12", "training.cooldown=2");
        assertThat(Files.mismatch(once.resolve("model.safetensors"), branched.resolve("model.safetensors")))
                .isEqualTo(-1);
    }

    @Test
    void teachersChangeTheModelAndAreAskedOnce() throws IOException {
        Path plain = pretrain("plain");
        Path distilled = pretrain("distilled", DISTILLED);
        assertThat(Files.mismatch(plain.resolve("model.safetensors"), distilled.resolve("model.safetensors")))
                .isNotEqualTo(-1);
        assertThat(reports).anyMatch(PretrainReport.Asked.class::isInstance);
        reports.clear();
        pretrain("again", DISTILLED);
        assertThat(reports).noneMatch(PretrainReport.Asked.class::isInstance);
    }

    @Test
    void aQueueAddsNegatives() throws IOException {
        assertThat(Files.mismatch(
                        pretrain("short").resolve("model.safetensors"),
                        pretrain("queued", "queue=24").resolve("model.safetensors")))
                .isNotEqualTo(-1);
    }

    @Test
    void classesOfAnotherTeacherAreRefused() throws IOException {
        Files.writeString(folder.resolve("classes.txt"), "red\n");
        assertThatThrownBy(() -> pretrain("model", DISTILLED))
                .hasMessageContaining("classes.txt")
                .hasMessageContaining("names 1 classes");
    }

    private Path pretrain(String name, String... overrides) {
        Path file = folder.resolve("pretrain.yaml");
        try {
            Files.writeString(file, CONFIG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> all = new ArrayList<>(List.of(overrides));
        if (checkpointAlways) {
            all.add("checkpoint-minutes=1e-9");
        }
        PretrainConfigs.Resolved resolved = PretrainConfigs.read(file, all);
        PretrainConfig config = resolved.config();
        Path cache = folder.resolve("cache");
        Path output = folder.resolve(name);
        try (PretrainData data = new PretrainData(config.data(), resolved.baseFolder(), cache)) {
            Streams opener = new Streams(resolved.baseFolder(), cache);
            List<EvaluationSet> validation =
                    config.validation().stream().map(opener::control).toList();
            new Pretraining(
                            config,
                            resolved.identity(),
                            data,
                            new DistillationOpener(new RecordedTeachers(), folder, cache, 1),
                            validation,
                            this::hear,
                            () -> stopAsked)
                    .run(output, resume);
            validation.forEach(set -> set.test().close());
        }
        return output;
    }
}
