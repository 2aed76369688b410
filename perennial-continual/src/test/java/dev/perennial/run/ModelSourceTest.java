package dev.perennial.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelSourceTest {
    @TempDir
    Path folder;

    @Test
    void aModelIsFoundByBundledNameThenByPathThenAmongThePulled() throws IOException {
        Path bundled = folder.resolve("bundled");
        Path pulled = folder.resolve("pulled");
        Path pulledModel = Files.createDirectories(pulled.resolve("openai/clip-vit"));
        Path own = Files.createDirectory(folder.resolve("own"));
        ModelSource models = new ModelSource(Map.of("perennial-micro", () -> bundled), pulled);
        assertThat(models.find("perennial-micro", folder)).isEqualTo(bundled);
        assertThat(models.find("own", folder)).isEqualTo(own);
        assertThat(models.find(own.toString(), Path.of("elsewhere"))).isEqualTo(own);
        assertThat(models.find("openai/clip-vit", folder)).isEqualTo(pulledModel);
    }

    @Test
    void anUnknownModelIsRefusedWithWhatToDo() {
        ModelSource models = new ModelSource(Map.of("perennial-micro", () -> folder), folder.resolve("pulled"));
        assertThatThrownBy(() -> models.find("perenial-micro", folder))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("did you mean 'perennial-micro'");
        assertThatThrownBy(() -> models.find("openai/clip-vit-base-patch32", folder))
                .hasMessageContaining("perennial models pull openai/clip-vit-base-patch32");
        assertThatThrownBy(() -> models.find("whatever it is", folder)).hasMessageContaining("one of: perennial-micro");
    }
}
