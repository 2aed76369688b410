package dev.perennial.clip.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BoundedFileTest {
    @TempDir
    Path folder;

    @Test
    void aFileUpToTheLimitIsReadAndALargerOneIsNot() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "grüß");
        assertThat(BoundedFile.text(file, 6)).isEqualTo("grüß");
        assertThat(BoundedFile.bytes(Files.createSymbolicLink(folder.resolve("link"), file), 6))
                .hasSize(6);
        assertThatThrownBy(() -> BoundedFile.text(file, 5))
                .isInstanceOf(IOException.class)
                .hasMessage("it is larger than the limit of 5 bytes");
    }

    @Test
    void aFileThatTellsNoSizeIsReadUpToTheLimit() throws IOException {
        Path file = Path.of("/proc/self/limits");
        assumeTrue(Files.isRegularFile(file), "this system has no /proc");
        assertThat(Files.size(file)).isZero();
        assertThatThrownBy(() -> BoundedFile.bytes(file, 100)).hasMessageContaining("limit of 100 bytes");
    }

    @Test
    void whatIsNotTextSaysSo() throws IOException {
        Path file = Files.write(folder.resolve("a"), "grüß".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> BoundedFile.text(file, 100)).hasMessage("it is not UTF-8 text");
    }

    @Test
    void foldersDevicesAndPipesAreNotOpened() throws Exception {
        assertThatThrownBy(() -> BoundedFile.bytes(folder, 100)).hasMessage("it is a folder");
        assertThatThrownBy(() -> BoundedFile.bytes(folder.resolve("gone"), 100))
                .isInstanceOf(NoSuchFileException.class);
        assumeTrue(Files.exists(Path.of("/dev/zero")), "this system has no /dev/zero");
        assertThatThrownBy(() -> BoundedFile.bytes(Path.of("/dev/zero"), 100))
                .hasMessageContaining("a pipe or a device");
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        // Opening it would wait for a writer.
        assertThatThrownBy(() -> BoundedFile.bytes(pipe, 100)).hasMessageContaining("a pipe or a device");
    }
}
