package dev.perennial.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.tensor.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunConfigTest {
    private static final String STREAM = "stream: {name: s, tasks: [{name: a, data: {path: a}}]}\n";
    private static final String WHOLE = "method: finetune\n" + STREAM;

    @TempDir
    Path folder;

    @Test
    void whatTheFileLeavesOutComesFromThePresetAndThenFromTheDefaults() {
        RunConfig config = read(WHOLE).config();
        assertThat(config.name()).isEqualTo("finetune");
        assertThat(config.model()).isEqualTo("perennial-micro");
        assertThat(config.seed()).isEqualTo(42);
        assertThat(config.training().steps()).contains(1000);
        assertThat(config.training().epochs()).isEmpty();
        assertThat(config.training().warmUp()).isEqualTo(100);
        assertThat(config.training().precision()).isEqualTo(Precision.FLOAT32);
        assertThat(config.options().required("label-smoothing").asDouble()).isEqualTo(0.2);
    }

    @Test
    void theFileStandsAboveThePresetAndOverridesAboveTheFile() {
        String text = WHOLE + "training: {learning-rate: 0.5, batch-size: 8}\noptions: {label-smoothing: 0.1}\n";
        RunConfig config = read(
                        text,
                        "training.batch-size=2",
                        "training.precision=bfloat16",
                        "options.train=[logit-scale]",
                        "seed=7",
                        "name=other")
                .config();
        assertThat(config.training().learningRate()).isEqualTo(0.5);
        assertThat(config.training().batchSize()).isEqualTo(2);
        assertThat(config.training().precision()).isEqualTo(Precision.BFLOAT16);
        assertThat(config.training().steps()).contains(1000);
        assertThat(config.options().required("label-smoothing").asDouble()).isEqualTo(0.1);
        assertThat(config.options().required("train").size()).isEqualTo(1);
        assertThat(config.seed()).isEqualTo(7);
        assertThat(config.name()).isEqualTo("other");
    }

    @Test
    void aLengthInEpochsReplacesOneInStepsAndTheOtherWayRound() {
        assertThat(read(WHOLE, "training.epochs=2").config().training().steps()).isEmpty();
        assertThat(read(WHOLE + "training: {epochs: 3}", "training.epochs=2")
                        .config()
                        .training()
                        .epochs())
                .contains(2);
        assertThat(read("method: frozen\n" + STREAM, "training.steps=9")
                        .config()
                        .training()
                        .epochs())
                .isEqualTo(Optional.empty());
        fails(WHOLE + "training: {epochs: 3, steps: 4}").hasMessageContaining("has several");
    }

    @Test
    void theResolvedConfigurationReadAsAFileIsTheSame() {
        RunConfig.Resolved resolved = read(WHOLE, "training.clip-norm=1.5", "evaluation.pictures=3");
        RunConfig.Resolved again = read(resolved.yaml());
        assertThat(again.config()).isEqualTo(resolved.config());
        assertThat(again.yaml()).isEqualTo(resolved.yaml());
    }

    @Test
    void anUnknownKeyIsNamedWithItsPlaceAndWhatWasMeant() {
        fails(WHOLE + "trainnig: {}").hasMessageContaining("trainnig").hasMessageContaining("did you mean 'training'");
        fails(WHOLE + "training: {learning_rate: 1}")
                .hasMessageContaining("training: unknown key 'learning_rate'")
                .hasMessageContaining("did you mean 'learning-rate'");
        fails(WHOLE + "options: {label-smothing: 0}")
                .hasMessageContaining("options")
                .hasMessageContaining("did you mean 'label-smoothing'");
        fails("method: finetune\nstream: {name: s, tasks: [{name: a, data: {path: a}, test-limits: 5}]}")
                .hasMessageContaining("stream.tasks[0]")
                .hasMessageContaining("did you mean 'test-limit'");
        fails(WHOLE, "training.stpes=3").hasMessageContaining("did you mean 'steps'");
        fails("method: finetune\nstream: {name: s, tasks: [{name: a, data: {path: a, limmit: 3}}]}")
                .hasMessageContaining("stream.tasks[0].data")
                .hasMessageContaining("did you mean 'limit'");
    }

    @Test
    void anUnknownMethodIsNamedWithTheNearest() {
        fails("method: fine-tune\n" + STREAM)
                .hasMessageContaining("unknown method 'fine-tune'")
                .hasMessageContaining("did you mean 'finetune'")
                .hasMessageContaining("frozen");
    }

    @Test
    void aMissingKeyIsNamed() {
        fails(STREAM).hasMessageContaining("missing key 'method'");
        fails("method: finetune").hasMessageContaining("stream").hasMessageContaining("missing");
        fails("method: finetune\nstream: {name: s}")
                .hasMessageContaining("stream")
                .hasMessageContaining("at least one task");
        fails("method: finetune\nstream: {tasks: [{name: a, data: {path: a}}]}")
                .hasMessageContaining("stream.name")
                .hasMessageContaining("missing");
        fails("method: finetune\nstream: {name: s, tasks: [{name: a}]}")
                .hasMessageContaining("stream.tasks[0].data")
                .hasMessageContaining("missing");
        fails("method: finetune\nstream: {name: s, tasks: [{name: a, data: {}}]}")
                .hasMessageContaining("stream.tasks[0].data.path")
                .hasMessageContaining("missing");
        fails(WHOLE + "seed:").hasMessageContaining("seed").hasMessageContaining("missing");
    }

    @Test
    void aValueOfTheWrongTypeOrRangeIsNamed() {
        fails(WHOLE, "training.steps=many")
                .hasMessageContaining("training.steps")
                .hasMessageContaining("many");
        fails(WHOLE, "training.steps=1.5").hasMessageContaining("training.steps");
        fails(WHOLE, "training.learning-rate=-1").hasMessageContaining("learning-rate must be positive");
        fails(WHOLE, "training.precision=float23")
                .hasMessageContaining("precision")
                .hasMessageContaining("float32");
        fails(WHOLE, "options.label-smoothing=2").hasMessageContaining("label-smoothing must be in [0, 1)");
        fails(WHOLE, "options.train=[image-towr]").hasMessageContaining("image-towr");
        fails(WHOLE, "training=5").hasMessageContaining("training");
        fails(WHOLE, "evaluation.protocol=batch-vote").hasMessageContaining("protocol");
    }

    @Test
    void namesThatOccurTwiceAreRefused() {
        fails("method: frozen\nstream: {name: s, tasks: [{name: a, data: {path: a}}, {name: a, data: {path: b}}]}")
                .hasMessageContaining("two tasks are called 'a'");
        fails("method: frozen\nstream: {name: s, tasks: [{name: a, data: {path: a}}], control: [{name: a, data:"
                        + " {path: b}}]}")
                .hasMessageContaining("two tasks are called 'a'");
        fails("method: frozen\nstream: {name: s, tasks: [{name: zero-shot, data: {path: a}}]}")
                .hasMessageContaining("zero-shot");
        fails("method: frozen\nstream: {name: s, tasks: []}").hasMessageContaining("at least one task");
        fails("method: frozen\nmethod: finetune\n" + STREAM).hasMessageContaining("method");
    }

    @Test
    void anOverrideThatIsNoSettingIsRefused() {
        fails(WHOLE, "training.steps").hasMessageContaining("key=value");
        fails(WHOLE, "=3").hasMessageContaining("key=value");
    }

    @Test
    void whatIsNoYamlOfKeysIsRefused() {
        fails("").hasMessageContaining("key: value");
        fails("- a\n- b").hasMessageContaining("key: value");
        fails("just words").hasMessageContaining("key: value");
        fails("method: [unclosed").hasMessageContaining("not valid YAML");
        fails("method: frozen\n\tstream: 3").hasMessageContaining("not valid YAML");
        assertThatThrownBy(() -> RunConfig.read(folder.resolve("gone.yaml"), List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("gone.yaml: no such file");
    }

    @Test
    void anAliasBombAndAHugeFileAreRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (int i = 1; i < 30; i++) {
            bomb.append("a%d: &a%d [%s]%n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9)));
        }
        fails(bomb + WHOLE);
        fails(WHOLE + "#".repeat(2 << 20)).hasMessageContaining("larger than the limit of 1048576 bytes");
        fails(WHOLE + "options: " + "[".repeat(50_000));
    }

    @Test
    void anAliasIsRefusedAndNotTakenForItsName() {
        fails("name: &x first\nmodel: *x\n" + WHOLE).hasMessageContaining("*x").hasMessageContaining("write");
    }

    private RunConfig.Resolved read(String text, String... overrides) {
        Path file = folder.resolve("config.yaml");
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return RunConfig.read(file, List.of(overrides));
    }

    private AbstractThrowableAssert<?, ? extends Throwable> fails(String text, String... overrides) {
        return assertThatThrownBy(() -> read(text, overrides)).isInstanceOf(ConfigException.class);
    }

    @Test
    void aWarmUpMayBeForTheFirstExperienceAlone() {
        RunConfig config =
                read(WHOLE, "training.warm-up=10", "training.warm-up-on=first").config();
        assertThat(config.training().schedule(100, 0).factor(0)).isEqualTo(0.1);
        assertThat(config.training().schedule(100, 1).factor(0)).isEqualTo(1);
        RunConfig every = read(WHOLE, "training.warm-up=10").config();
        assertThat(every.training().schedule(100, 1).factor(0)).isEqualTo(0.1);
        fails(WHOLE, "training.warm-up-on=second").hasMessageContaining("warm-up-on");
    }

    @Test
    void theNextExperienceMayGoOnFromBeforeACooldown() {
        assertThat(read(WHOLE, "training.cooldown=3", "training.next-from=before-cooldown")
                        .config()
                        .training()
                        .branches())
                .isTrue();
        fails(WHOLE, "training.next-from=before-cooldown").hasMessageContaining("set training.cooldown");
        fails(WHOLE, "training.cooldown=3", "training.next-from=begin").hasMessageContaining("before-cooldown");
    }
}
