package dev.perennial.clip.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TokenizerFuzzTest {
    private static final Tokenizer TOKENIZER = Tokenizer.openai().withContextLength(4096);

    @Property
    void encodesAnyTextToIdsOfTheVocabulary(@ForAll("texts") String text, @ForAll TextCleaning cleaning) {
        Tokenizer tokenizer = TOKENIZER.withCleaning(cleaning);

        int[] ids = tokenizer.encode(text);

        assertThat(ids).startsWith(tokenizer.startId()).endsWith(tokenizer.endId());
        assertThat(Arrays.stream(ids)).allMatch(id -> id >= 0 && id < tokenizer.vocabularySize());
    }

    @Property
    void readsItsOwnDecodedTextAsTheSameIds(@ForAll("texts") String text) {
        Assume.that(!text.contains("<|"));

        int[] ids = TOKENIZER.encode(text);

        assertThat(TOKENIZER.encode(TOKENIZER.decode(ids))).containsExactly(ids);
    }

    @Property
    void cutsToThePrefixOfTheWholeText(@ForAll("texts") String text) {
        int[] whole = TOKENIZER.encode(text);
        int[] cut = TOKENIZER.withContextLength(5).encode(text);

        assertThat(cut).hasSize(Math.min(5, whole.length)).endsWith(TOKENIZER.endId());
        assertThat(whole).startsWith(Arrays.copyOf(cut, cut.length - 1));
    }

    /** Any UTF-16, whole and broken, mixed with what the tokenizer treats specially. */
    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> special = Arbitraries.of(Stream.of(
                        "&amp;",
                        "&#x1F600;",
                        "&#",
                        "&lt",
                        "<|endoftext|>",
                        "<|startoftext|>",
                        "'s",
                        "'LL",
                        "’s",
                        "Σ",
                        "ΑΣ",
                        "İ",
                        "ﬁ",
                        "ｆｕｌｌ",
                        "\u001b[31m",
                        "\u0085",
                        "\u001c",
                        "\u3000",
                        "e\u0301",
                        "12",
                        "👨‍👩‍👧",
                        "\ud83d",
                        "\udc00",
                        "\u0000",
                        "مرحبا",
                        "a photo of a dog",
                        " ",
                        "\n")
                .toList());
        Arbitrary<String> anything = Arbitraries.strings().ofMaxLength(12);
        return Arbitraries.oneOf(special, anything).list().ofMaxSize(12).map(parts -> String.join("", parts));
    }
}
