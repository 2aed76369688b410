package dev.perennial.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Configurations that no user means: each is refused with the file and the place, before anything runs. */
@Timeout(60)
class HostileConfigTest {
    private static final String WHOLE = "method: finetune\nstream: {name: s, tasks: [{name: a, data: {path: a}}]}\n";

    @TempDir
    Path folder;

    private AbstractThrowableAssert<?, ? extends Throwable> refused(byte[] content, String... overrides)
            throws IOException {
        Path file = Files.write(folder.resolve("config.yaml"), content);
        return assertThatThrownBy(() -> RunConfig.read(file, List.of(overrides)))
                .isInstanceOf(ConfigException.class)
                .satisfies(e -> assertThat(String.valueOf(e.getMessage()))
                        .hasSizeLessThan(1_001)
                        .doesNotContain("\u001b", "\n", "NullPointer"));
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(String text, String... overrides)
            throws IOException {
        return refused(text.getBytes(StandardCharsets.UTF_8), overrides);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "training: {learning-rate: .inf}|learning-rate: '.inf' is no finite number",
                "training: {learning-rate: -.INF}|training.learning-rate",
                "training: {learning-rate: -.inf}|no finite number",
                "training: {learning-rate: .nan}|no finite number",
                "training: {learning-rate: 1.0e999}|no finite number",
                "options: {label-smoothing: .nan}|no finite number",
                "training: {clip-norm: 1.0e400}|no finite number",
                "training: {steps: 99999999999999999999}|training.steps",
                "training: {steps: 1.0e9}|training.steps",
                "training: {steps: 0x7fffffffffffffff}|training.steps",
                "training: {steps: [1]}|training.steps",
                "training: {steps: {a: 1}}|training.steps",
                "training: {steps: 2001-01-01}|training.steps",
                "training: {steps: !!python/object/apply:os.system [id]}|training.steps",
                "seed: !!js/function 'f'|seed",
                "seed: yes|seed",
                "training: [1, 2]|training",
                "stream: 3|stream",
                "stream: {name: s, tasks: 5}|stream.tasks",
                "stream: {name: s, tasks: [5]}|stream.tasks[0]",
                "stream: {name: s, tasks: [null]}|stream",
                "<<: {seed: 1}|<<",
                "a: &x {b: *x }|alias",
                "a: &x [*x ]|alias",
                "options: {train: [null]}|options",
                "stream: {name: s, tasks: [{name: a, data: {path: a, classes: [null]}}]}|stream.tasks[0]",
                "'': 1|unknown key",
                "null: 1|unknown key",
            })
    void aValueOfNoUseIsRefusedAtItsPlace(String line, String problem) throws IOException {
        refused(WHOLE.replaceAll("(?m)^stream.*\n", line.startsWith("stream") ? "" : "$0") + line + "\n")
                .hasMessageContaining("config.yaml")
                .hasMessageContaining(problem);
    }

    @Test
    void hugeScalarsKeysAndDepthsAreRefused() throws IOException {
        refused(WHOLE + "name: " + "x".repeat(2 << 20)).hasMessageContaining("larger than the limit");
        refused(WHOLE + "k".repeat(900_000) + ": 1").hasMessageContaining("config.yaml");
        refused(WHOLE + "options: {label-smoothing: " + "9".repeat(900_000) + "}");
        refused(WHOLE + "options: " + "{a: ".repeat(200_000)).hasMessageContaining("not valid YAML");
        refused(WHOLE + "options: " + "[".repeat(900_000)).hasMessageContaining("not valid YAML");
        refused(WHOLE + "options:\n" + "- ".repeat(400_000)).hasMessageContaining("not valid YAML");
        refused(WHOLE + "? ".repeat(400_000)).hasMessageContaining("not valid YAML");
        refused(WHOLE + "options: " + "&a ".repeat(300_000));
    }

    @Test
    void whatIsNoTextIsRefused() throws Exception {
        refused(new byte[] {'a', ':', ' ', (byte) 0xff})
                .hasMessageContaining("config.yaml: cannot be read (it is not UTF-8");
        refused("method: a\0b\n").hasMessageContaining("config.yaml");
        refused("\ufffe").hasMessageContaining("config.yaml");
        assertThatThrownBy(() -> RunConfig.read(folder, List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("it is a folder");
        Path pipe = folder.resolve("pipe.yaml");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> RunConfig.read(pipe, List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("a pipe or a device");
    }

    @Test
    void aKeyCannotSteerTheTerminalThatShowsIt() throws IOException {
        refused(WHOLE + "\"\\e[2J\\nperennial: all is well\": 1").hasMessageContaining("\\u001b[2J\\u000aperennial");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".=1",
                "..=1",
                ".seed=1",
                "seed.=1",
                "training..steps=1",
                "training. .steps=1",
                "=",
                "seed",
                "",
                "seed=1\nname: other",
                "seed=[1",
                "seed=*x",
                "seed=.inf",
                "seed.deep=1",
                "training.steps.deep=1"
            })
    void anOverrideThatIsNoSingleSettingIsRefused(String override) throws IOException {
        refused(WHOLE, override);
    }

    /** How many: {@code -Dperennial.config.mutations=100000}. */
    @Test
    void mutationsOfAConfigurationAreReadOrRefused() throws IOException {
        String text =
                WHOLE + "training: {learning-rate: 1.0e-4, steps: 20, precision: bfloat16}\noptions: {train: [all]}\n"
                        + "evaluation: {pictures: 3}\nseed: 7 # a comment\nname: \"quoted \\u00fc\"\n";
        Path file = folder.resolve("config.yaml");
        String inserted = "{}[]:,-?&*!|>'\"%@`#\t\n\0\u2028 ~.eE+0x<<";
        for (int i = 0; i < Integer.getInteger("perennial.config.mutations", 1_000); i++) {
            var random = new Random(i);
            var mutation = new StringBuilder(text);
            for (int change = 0; change <= random.nextInt(4); change++) {
                int at = random.nextInt(mutation.length());
                switch (random.nextInt(3)) {
                    case 0 -> mutation.deleteCharAt(at);
                    case 1 -> mutation.insert(at, inserted.charAt(random.nextInt(inserted.length())));
                    default -> mutation.setCharAt(at, inserted.charAt(random.nextInt(inserted.length())));
                }
            }
            // Writing over a file makes some file systems wait for the disk.
            Files.deleteIfExists(file);
            Files.writeString(file, mutation);
            try {
                assertThat(RunConfig.read(file, List.of()).config()).isNotNull();
            } catch (ConfigException refusal) {
                assertThat(refusal).hasMessageMatching("(?s).+").hasMessageNotContaining("NullPointer");
            }
        }
    }
}
