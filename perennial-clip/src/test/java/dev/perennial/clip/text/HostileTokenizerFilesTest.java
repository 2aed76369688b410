package dev.perennial.clip.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.guard.OpenFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokenizer files that are no tokenizers: each is refused by its name, whatever its size and kind. */
@Timeout(60)
class HostileTokenizerFilesTest {
    @TempDir
    Path folder;

    @AfterEach
    void nothingStaysOpen() {
        OpenFiles.assertNoneBelow(folder);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(Path path, String file) {
        return assertThatThrownBy(() -> Tokenizer.load(path))
                .isInstanceOfAny(IllegalArgumentException.class, UncheckedIOException.class)
                .hasMessageContaining(file)
                .satisfies(e -> assertThat(String.valueOf(e.getMessage()))
                        .hasSizeLessThan(1_001)
                        .doesNotContain("\u001b", "\n", "NullPointer"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{} {}",
                "{}",
                "{\"model\": null}",
                "{\"model\": []}",
                "{\"model\": {\"type\": \"WordPiece\"}}",
                "{\"model\": {\"type\": \"BPE\", \"type\": \"BPE\"}}",
                "{\"model\": {\"type\": \"BPE\", \"end_of_word_suffix\": \"</w>\"}}",
                "{\"model\": {\"type\": \"BPE\", \"end_of_word_suffix\": \"</w>\", \"vocab\": [\"a\"]}}",
                "{\"model\": {\"type\": \"BPE\", \"end_of_word_suffix\": \"</w>\", \"vocab\": {\"a\": -1}}}",
                "{\"model\": {\"type\": \"BPE\", \"end_of_word_suffix\": \"</w>\", \"vocab\": {\"a\": 2147483647}}}",
                "{\"model\": {\"type\": \"BPE\", \"end_of_word_suffix\": \"</w>\", \"vocab\": {\"a\": 1e99}}}",
                "{\"model\": {\"type\": \"BPE\", \"end_of_word_suffix\": \"</w>\", \"vocab\": {\"a\": 0, \"b\": 0}}}",
                "{\"model\": {\"type\": \"BPE\", \"end_of_word_suffix\": \"</w>\", \"vocab\": {\"\\u001b[2J\\n\": 5}}}",
                "{\"model\": {\"type\": \"BPE\", \"end_of_word_suffix\": \"</w>\", \"merges\": [[]]}}",
                "{\"model\": {\"type\": \"BPE\", \"end_of_word_suffix\": \"</w>\", \"merges\": [\"a\"]}}",
                "{\"model\": {\"type\": \"BPE\", \"end_of_word_suffix\": \"</w>\", \"merges\": [null]}}",
                "{\"added_tokens\": [null], \"model\": {\"type\": \"BPE\", \"end_of_word_suffix\": \"</w>\"}}"
            })
    void aTokenizerJsonOfSomethingElseIsRefused(String json) throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), json);
        refused(file, "tokenizer.json");
        refused(folder, "tokenizer.json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "[]~is no JSON object",
                "{~is no JSON",
                "{\"model_max_length\": 1}~context length 1",
                "{\"model_max_length\": -5}~context length -5",
                "{\"bos_token\": \"<none>\"}~'<none>' is not among",
                "{\"eos_token\": \"<|startoftext|>\"}~start and end token are both",
            })
    void aTokenizerConfigOfNoUseIsRefused(String json, String problem) throws IOException {
        Tokenizer.openai().save(folder);
        Files.delete(folder.resolve("tokenizer.json"));
        Files.writeString(folder.resolve("tokenizer_config.json"), json);
        refused(folder, folder.toString()).hasMessageContaining(problem);
    }

    @Test
    void sparseTerabytesAreNotRead() throws IOException {
        for (String name : List.of("tokenizer.json", "merges.txt", "merges.txt.gz")) {
            Path file = folder.resolve(name);
            try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
                sparse.setLength(1L << 40);
            }
            refused(file, name).hasMessageContaining("larger than the limit of 67108864 bytes");
        }
    }

    @Test
    void mergesThatUnpackWithoutEndAreRefused() throws IOException {
        Path file = folder.resolve("merges.txt.gz");
        try (var gzip = new GZIPOutputStream(Files.newOutputStream(file))) {
            byte[] megabyte = "a".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 65; i++) {
                gzip.write(megabyte);
            }
        }
        assertThat(Files.size(file)).isLessThan(100_000);
        refused(file, "merges.txt.gz").hasMessageContaining("unpacks to more than 67108864 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a b c", " a", "a ", "a b\na b", "\u001b[2J"})
    void mergesOfNoMergesAreRefused(String text) throws IOException {
        refused(Files.writeString(folder.resolve("merges.txt"), text), "merges.txt");
    }

    @Test
    void whatIsNoFileIsNotOpened() throws Exception {
        Path pipe = folder.resolve("tokenizer.json");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        refused(pipe, "tokenizer.json").hasMessageContaining("a pipe or a device");
        refused(folder, "tokenizer.json").hasMessageContaining("a pipe or a device");
        refused(Files.createDirectory(folder.resolve("folder.json")), "folder.json");
        refused(folder.resolve("gone.json"), "gone.json");
    }
}
