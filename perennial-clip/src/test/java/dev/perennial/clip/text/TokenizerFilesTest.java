package dev.perennial.clip.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class TokenizerFilesTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Tokenizer SMALL = new Tokenizer(new BpeTrainer(600)
            .train(List.of("a photo of a dog", "a photo of a cat", "ein Foto von einem Hund", "犬の写真")));

    @TempDir
    Path folder;

    @BeforeEach
    void save() {
        SMALL.withContextLength(32).withCleaning(TextCleaning.REPAIRED).save(folder);
    }

    @Test
    void readsAFolderAsItWasSaved() {
        Tokenizer read = Tokenizer.load(folder);

        assertThat(read.vocabulary()).isEqualTo(SMALL.vocabulary());
        assertThat(read.contextLength()).isEqualTo(32);
        assertThat(read.cleaning()).isEqualTo(TextCleaning.REPAIRED);
        assertSameIds(read, SMALL.withCleaning(TextCleaning.REPAIRED));
    }

    @Test
    void savesTheFilesOfAHuggingFaceModel() {
        assertThat(folder.toFile().list())
                .containsExactlyInAnyOrder(
                        "tokenizer.json",
                        "vocab.json",
                        "merges.txt",
                        "tokenizer_config.json",
                        "special_tokens_map.json");
    }

    @Test
    void readsVocabularyAndMergesOfAFolderWithoutTokenizerJson() throws IOException {
        Files.delete(folder.resolve("tokenizer.json"));

        assertThat(Tokenizer.load(folder).vocabulary()).isEqualTo(SMALL.vocabulary());
    }

    @Test
    void readsATokenizerJsonAlone() {
        Tokenizer read = Tokenizer.load(folder.resolve("tokenizer.json"));

        assertThat(read.vocabulary()).isEqualTo(SMALL.vocabulary());
        assertThat(read.contextLength()).isEqualTo(77);
    }

    @Test
    void readsMergesAlonePlainAndZipped() throws IOException {
        Path zipped = folder.resolve("bpe.txt.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            Files.copy(folder.resolve("merges.txt"), out);
        }

        assertThat(Tokenizer.load(folder.resolve("merges.txt")).vocabulary()).isEqualTo(SMALL.vocabulary());
        assertThat(Tokenizer.load(zipped).vocabulary()).isEqualTo(SMALL.vocabulary());
    }

    @Test
    void roundTripsTheOpenAiVocabulary() {
        Tokenizer openai = Tokenizer.openai();
        openai.save(folder);

        assertThat(Tokenizer.load(folder).vocabulary()).isEqualTo(openai.vocabulary());
        assertThat(Tokenizer.load(folder.resolve("merges.txt")).vocabulary()).isEqualTo(openai.vocabulary());
    }

    @Test
    void readsMergesWrittenAsPairs() throws IOException {
        edit("tokenizer.json", root -> {
            ObjectNode model = (ObjectNode) root.path("model");
            ArrayNode pairs = JSON.createArrayNode();
            SMALL.vocabulary()
                    .merges()
                    .forEach(merge -> pairs.addArray().add(merge.left()).add(merge.right()));
            model.set("merges", pairs);
        });

        assertThat(Tokenizer.load(folder).vocabulary()).isEqualTo(SMALL.vocabulary());
    }

    @Test
    void readsMarkersUnderOtherNamesAndAmongTheTokens() throws IOException {
        Files.delete(folder.resolve("tokenizer.json"));
        edit("vocab.json", vocab -> {
            vocab.set("<s>", vocab.remove(Vocabulary.START_OF_TEXT));
            vocab.set("</s>", vocab.remove(Vocabulary.END_OF_TEXT));
        });
        edit("tokenizer_config.json", config -> {
            config.put("bos_token", "<s>");
            config.putObject("eos_token").put("content", "</s>").put("special", true);
        });

        Tokenizer read = Tokenizer.load(folder);

        assertThat(read.encode("a dog")).containsExactly(SMALL.encode("a dog"));
        assertThat(read.vocabulary().endToken()).isEqualTo("</s>");
    }

    @Test
    void takesAHugeContextLengthForNone() throws IOException {
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"model_max_length\": 1000000000000000019884624838656, \"bos_token\": null}");

        assertThat(Tokenizer.load(folder).contextLength()).isEqualTo(77);
    }

    @Test
    void saysWhatAFolderLacks(@TempDir Path empty) {
        assertThatThrownBy(() -> Tokenizer.load(empty))
                .hasMessageContainingAll(empty.toString(), "tokenizer.json", "merges.txt");
        assertThatThrownBy(() -> Tokenizer.load(empty.resolve("tokenizer.json")))
                .hasMessageContainingAll("tokenizer.json", "does not exist");
    }

    @Test
    void saysWhichFileIsOfAnotherKind() throws IOException {
        edit("tokenizer.json", root -> ((ObjectNode) root.path("model")).put("type", "WordPiece"));

        assertThatThrownBy(() -> Tokenizer.load(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("tokenizer.json", "WordPiece", "BPE");
    }

    @Test
    void refusesTokensThatItWouldNotFind() throws IOException {
        edit(
                "tokenizer.json",
                root -> ((ArrayNode) root.path("added_tokens"))
                        .addObject()
                        .put("id", SMALL.vocabularySize())
                        .put("content", "<cat-toy>"));

        assertThatThrownBy(() -> Tokenizer.load(folder)).hasMessageContainingAll("tokenizer.json", "<cat-toy>");
    }

    @Test
    void takesAPaddingTokenOfItsOwn() throws IOException {
        edit(
                "tokenizer.json",
                root -> ((ArrayNode) root.path("added_tokens"))
                        .addObject()
                        .put("id", SMALL.vocabularySize())
                        .put("content", "<pad>"));
        edit("tokenizer_config.json", config -> config.put("pad_token", "<pad>"));

        assertThat(Tokenizer.load(folder).vocabularySize()).isEqualTo(SMALL.vocabularySize() + 1);
    }

    @Test
    void refusesIdsWithGapsAndDoubles() throws IOException {
        Files.delete(folder.resolve("tokenizer.json"));
        edit("vocab.json", vocab -> vocab.put("a", vocab.size()));
        assertThatThrownBy(() -> Tokenizer.load(folder))
                .hasMessageContainingAll("vocab.json", "'a'", "0 to " + (SMALL.vocabularySize() - 1));

        edit("vocab.json", vocab -> vocab.put("a", 1));
        assertThatThrownBy(() -> Tokenizer.load(folder)).hasMessageContainingAll("vocab.json", "'\"'", "'a'");
    }

    @Test
    void refusesTwoTokensWithOneIdInATokenizerJson() throws IOException {
        edit("tokenizer.json", root -> ((ObjectNode) root.path("model").path("vocab")).put("a", 1));
        assertThatThrownBy(() -> Tokenizer.load(folder))
                .hasMessageContainingAll("tokenizer.json", "both have the id 1");
    }

    @Test
    void refusesBrokenMerges() throws IOException {
        Path merges = folder.resolve("merges.txt");
        Files.writeString(merges, "#version: 0.2\na b c\n");
        assertThatThrownBy(() -> Tokenizer.load(merges)).hasMessageContainingAll("merges.txt", "a b c");

        Files.writeString(merges, "#version: 0.2\nab c\n");
        assertThatThrownBy(() -> Tokenizer.load(merges)).hasMessageContainingAll("merges.txt", "'ab'");
    }

    @Test
    void refusesBrokenJson() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": ");
        assertThatThrownBy(() -> Tokenizer.load(folder)).hasMessageContainingAll("tokenizer.json", "JSON");
    }

    private static void assertSameIds(Tokenizer one, Tokenizer other) {
        Stream.of("a photo of a dog", "Ein “Foto” ﬁx", "犬の写真 😀", "")
                .forEach(text -> assertThat(one.encode(text)).containsExactly(other.encode(text)));
    }

    private interface Edit {
        void apply(ObjectNode root);
    }

    private void edit(String name, Edit edit) throws IOException {
        Path file = folder.resolve(name);
        ObjectNode root = (ObjectNode) JSON.readTree(Files.readString(file));
        edit.apply(root);
        Files.writeString(file, root.toString());
    }
}
