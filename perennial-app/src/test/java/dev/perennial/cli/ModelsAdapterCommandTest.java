package dev.perennial.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.run.AdaptRun;
import dev.perennial.run.RunConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code models adapter}, and its file in place of a run. */
class ModelsAdapterCommandTest {
    @TempDir
    Path folder;

    private Path model = Path.of("");

    @BeforeEach
    void prepare() {
        model = TinyFiles.model(folder.resolve("tiny"), 1);
        TinyFiles.dataset(folder.resolve("pets"));
    }

    @Test
    void whatWasLearnedMovesToAFileOfItsOwn() throws IOException {
        Path run = learn("rail", "options.primal.hidden=24");
        Path file = folder.resolve("pets.safetensors");
        assertThat(Outcome.of("models", "adapter", run, file).assertDone().out())
                .contains("pets.safetensors", "what rail learned of pets (1 of its experiences), for tiny");
        assertThat(classified("--model", model, "--adapter", file))
                .isEqualTo(classified("--model", run))
                .isNotEqualTo(classified("--model", model));
        assertThat(Outcome.of("models", "inspect", file).assertDone().out())
                .contains("adapter", "rail", "pets, 1 of its experiences", "index stays valid");
        byte[] before = Files.readAllBytes(file);
        Outcome.of("models", "adapter", run, file).assertFailed(2, "is there already");
        assertThat(file).hasBinaryContent(before);
        Outcome.of("classify", "--model", run, "--adapter", file, "--labels", "a,b", folder.resolve("pets/test"))
                .assertFailed(2, "has adapters of its own");
    }

    @Test
    void aMethodThatChangesTheModelIsSentToConvert() {
        Outcome.of("models", "adapter", learn("finetune"), folder.resolve("pets.safetensors"))
                .assertFailed(2, "changes the weights of the model itself", "models convert");
    }

    private Path learn(String method, String... settings) {
        Path run = folder.resolve("run");
        Path config = TinyFiles.config(folder, "");
        List<String> overrides = new ArrayList<>(List.of(settings));
        overrides.add("method=" + method);
        new AdaptRun(RunConfig.read(config, overrides), ModelOption.source(), folder.resolve("cache"), _ -> {})
                .execute(run);
        return run;
    }

    private String classified(Object... model) {
        List<Object> arguments = new ArrayList<>(List.of("classify", "--labels", "cat,dog", "--format", "csv"));
        arguments.addAll(List.of(model));
        arguments.add(folder.resolve("pets/test"));
        return Outcome.of(arguments.toArray()).assertDone().out();
    }
}
