package dev.perennial.clip.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class TokenizerTest {
    private static final Tokenizer TOKENIZER = Tokenizer.openai();
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int START = 49406;
    private static final int END = 49407;

    /** Ids between start and end token, by the cleaning. */
    record Vector(String text, List<Integer> plain, List<Integer> repaired) {}

    record Line(String text, List<Integer> ids) {}

    static Stream<Vector> vectors() throws IOException {
        try (InputStream in = TokenizerTest.class.getResourceAsStream("openai-tokenizer-vectors.jsonl")) {
            return JSON.readerFor(Vector.class).<Vector>readValues(Objects.requireNonNull(in)).readAll().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void givesOpenAiIdsWithoutRepair(Vector vector) {
        assertThat(TOKENIZER.encode(vector.text())).containsExactly(between(vector.plain()));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void givesOpenAiIdsWithRepairExceptForMojibake(Vector vector) {
        boolean mojibake = vector.text().equals("schÃ¶n");
        assertThat(TOKENIZER.withCleaning(TextCleaning.REPAIRED).encode(vector.text()))
                .containsExactly(between(mojibake ? vector.plain() : vector.repaired()));
    }

    @Test
    void givesTheIdsOfTheSharedVectors() throws IOException {
        Path file = Path.of(System.getProperty("perennial.shared", "../../shared"))
                .resolve("data/text/tokenizer_vectors.jsonl");
        assumeTrue(Files.exists(file), "the shared tokenizer vectors are not here");

        List<Line> lines =
                JSON.readerFor(Line.class).<Line>readValues(file.toFile()).readAll();

        assertThat(lines)
                .hasSize(293)
                .allSatisfy(line -> assertThat(TOKENIZER.encode(line.text())).containsExactly(array(line.ids())));
    }

    @Test
    void cutsALongTextAndKeepsTheEndToken() {
        int[] ids = TOKENIZER.encode("a photo of " + "very ".repeat(100) + "big dog");

        int[] expected = new int[77];
        Arrays.fill(expected, 1070);
        System.arraycopy(new int[] {START, 320, 1125, 539}, 0, expected, 0, 4);
        expected[76] = END;
        assertThat(ids).containsExactly(expected);
    }

    @Test
    void keepsATextThatFillsTheContext() {
        assertThat(TOKENIZER.encode("dog ".repeat(75)))
                .hasSize(77)
                .containsExactly(TOKENIZER.encodeWhole("dog ".repeat(75)));
    }

    @Test
    void cutsInsideAPieceOfSeveralTokens() {
        assertThat(TOKENIZER.withContextLength(4).encode("antidisestablishmentarianism"))
                .containsExactly(START, 3120, 4262, END);
    }

    @Test
    void refusesALongTextWhereItMustBeWhole() {
        assertThatThrownBy(() -> TOKENIZER.encodeWhole("very ".repeat(76)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("very very", "76 tokens", "75");
    }

    @Test
    void refusesAContextWithoutRoomForTheMarkers() {
        assertThatThrownBy(() -> TOKENIZER.withContextLength(1)).hasMessageContaining("context length 1");
    }

    @Test
    void encodesTextsInTheirOrder() {
        assertThat(TOKENIZER.encodeAll(List.of("a dog", "a cat")))
                .containsExactly(new int[] {START, 320, 1929, END}, new int[] {START, 320, 2368, END});
    }

    @Test
    void knowsItsSizes() {
        assertThat(TOKENIZER.startId()).isEqualTo(START);
        assertThat(TOKENIZER.endId()).isEqualTo(END);
        assertThat(TOKENIZER.vocabularySize()).isEqualTo(49408);
        assertThat(TOKENIZER.contextLength()).isEqualTo(77);
    }

    @Test
    void decodesToLowerCaseWithSpacesBetweenPieces() {
        assertThat(TOKENIZER.decode(TOKENIZER.encode("It's a CAFÉ, 12 日本語 😀 !")))
                .isEqualTo("it 's a café , 1 2 日本語 😀 !");
    }

    @Test
    void decodesACutCharacterToTheReplacementCharacter() {
        assertThat(TOKENIZER.decode(252)).isEqualTo("\ufffd");
    }

    @Test
    void refusesToDecodeIdsOutsideTheVocabulary() {
        assertThatThrownBy(() -> TOKENIZER.decode(320, 49408)).hasMessageContainingAll("49408", "vocabulary");
        assertThatThrownBy(() -> TOKENIZER.decode(-1)).hasMessageContaining("-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "Σ", "İ", "日", "\u0000", "&amp", "\ud800"})
    void readsAMegabyteWithoutASpace(String unit) {
        assertThat(TOKENIZER.encode(unit.repeat(1_000_000 / unit.length())))
                .hasSizeLessThanOrEqualTo(77)
                .startsWith(START)
                .endsWith(END);
    }

    @ParameterizedTest
    @EnumSource(TextCleaning.class)
    void cutsVeryLongTextsToWhatTheyBeginWithWhole(TextCleaning cleaning) {
        Tokenizer tokenizer = TOKENIZER.withCleaning(cleaning);
        Stream.of(
                        "ab",
                        "İ",
                        "&#",
                        "&#1",
                        "&amp;",
                        "<|",
                        " ",
                        "مرحبا",
                        "a\u0301\u0316",
                        "\u0301\u0316",
                        "\u001b[",
                        "ﬃ",
                        "ΑΣ'")
                .map(unit -> unit.repeat(50_000 / unit.length()))
                .forEach(text -> {
                    int[] cut = tokenizer.encode(text);
                    int[] whole = tokenizer.withContextLength(200_000).encodeWhole(text);
                    assertThat(cut).hasSizeLessThanOrEqualTo(77).endsWith(END);
                    assertThat(whole).startsWith(Arrays.copyOf(cut, cut.length - 1));
                });
    }

    @Test
    void takesALoneSurrogateForTheReplacementCharacter() {
        assertThat(TOKENIZER.encode("a \ud800 b")).containsExactly(TOKENIZER.encode("a \ufffd b"));
    }

    private static int[] between(List<Integer> ids) {
        return IntStream.concat(IntStream.of(START), IntStream.concat(IntStream.of(array(ids)), IntStream.of(END)))
                .toArray();
    }

    private static int[] array(List<Integer> ids) {
        return ids.stream().mapToInt(id -> id).toArray();
    }
}
