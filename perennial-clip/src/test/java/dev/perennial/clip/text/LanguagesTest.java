package dev.perennial.clip.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Grows a vocabulary over 26 languages: names of 80 emoji from emojibase-data (MIT), derived from Unicode CLDR (Unicode License v3). */
class LanguagesTest {
    private static final SequencedMap<String, List<String>> NAMES = new LinkedHashMap<>();

    @BeforeAll
    static void readNames() throws IOException {
        try (InputStream in = LanguagesTest.class.getResourceAsStream("emoji-names.tsv")) {
            List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            String[] codes = lines.getFirst().split("\t");
            for (int i = 0; i < codes.length; i++) {
                int column = i;
                NAMES.put(
                        codes[i],
                        lines.stream()
                                .skip(1)
                                .map(line -> line.split("\t")[column])
                                .toList());
            }
        }
        assertThat(NAMES).hasSize(26);
    }

    private static List<String> english() {
        return NAMES.firstEntry().getValue();
    }

    private static Tokenizer grown(boolean keep) {
        Tokenizer tokenizer = new Tokenizer(new BpeTrainer(900).train(english()))
                .withWords(WordRule.LETTERS_AND_MARKS)
                .withCleaning(TextCleaning.COMPOSED);
        for (var language : NAMES.entrySet()) {
            var trainer = new BpeTrainer(700, 1, tokenizer.cleaning(), tokenizer.words());
            tokenizer = tokenizer.extendedBy(
                    language.getKey(), trainer.train(language.getValue()).merges(), keep);
        }
        return tokenizer;
    }

    @Test
    void idsStayAndEveryTextOfEveryLanguageIsReadBackWhole() {
        Tokenizer base = new Tokenizer(new BpeTrainer(900).train(english()));
        Tokenizer grown = grown(false);
        assertThat(grown.vocabulary().tokens().subList(0, base.vocabularySize()))
                .isEqualTo(base.vocabulary().tokens());
        assertThat(grown.endId()).isEqualTo(base.endId());
        assertThat(grown.vocabularySize()).isGreaterThan(base.vocabularySize() + 1000);
        NAMES.values()
                .forEach(names -> names.forEach(name -> {
                    String cleaned = TextCleaning.COMPOSED.clean(name);
                    assertThat(grown.decode(grown.encodeWhole(name)).replace(" ", ""))
                            .isEqualTo(cleaned.replace(" ", ""));
                }));
    }

    @Test
    void aKeptSegmentationDoesNotChangeWithLaterLanguages() {
        Tokenizer kept = grown(true);
        Tokenizer newest = grown(false);
        Tokenizer atItsTime = new Tokenizer(new BpeTrainer(900).train(english()))
                .withWords(WordRule.LETTERS_AND_MARKS)
                .withCleaning(TextCleaning.COMPOSED);
        int changed = 0;
        for (var language : NAMES.entrySet()) {
            var trainer = new BpeTrainer(700, 1, atItsTime.cleaning(), atItsTime.words());
            atItsTime = atItsTime.extendedBy(
                    language.getKey(), trainer.train(language.getValue()).merges(), true);
            for (String name : language.getValue()) {
                assertThat(kept.in(language.getKey()).encode(name)).isEqualTo(atItsTime.encode(name));
                changed += Arrays.equals(newest.in(language.getKey()).encode(name), atItsTime.encode(name)) ? 0 : 1;
            }
        }
        assertThat(changed).as("texts that the newest merges split anew").isPositive();
    }

    @Test
    void marksAndJoinersStayInTheirWords() {
        Tokenizer letters = new Tokenizer(Vocabulary.ofMerges(List.of()));
        Tokenizer marks = letters.withWords(WordRule.LETTERS_AND_MARKS);
        for (String word : List.of(
                "\u0939\u093f\u0928\u094d\u0926\u0940",
                "\u0995\u09cd\u09b7",
                "\u0e19\u0e49\u0e33",
                "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645")) {
            assertThat(words(marks, word)).as(word).isEqualTo(1);
            assertThat(words(letters, word)).as(word).isGreaterThan(1);
        }
        // A keycap and a flag are no letters, with or without marks.
        for (String text : List.of("a photo of a cat's 2 dogs, \u2764\ufe0f 1\ufe0f\u20e3!", "d\u00e9j\u00e0 vu")) {
            assertThat(marks.encode(text)).isEqualTo(letters.encode(text));
        }
    }

    private static long words(Tokenizer tokenizer, String text) {
        return Arrays.stream(tokenizer.encodeWhole(text))
                .filter(id -> tokenizer.vocabulary().tokens().get(id).endsWith("</w>"))
                .count();
    }

    @Test
    void composedAndDecomposedTextHaveTheSameIds() {
        Tokenizer tokenizer = grown(false);
        NAMES.values()
                .forEach(names -> names.forEach(
                        name -> assertThat(tokenizer.encode(Normalizer.normalize(name, Normalizer.Form.NFD)))
                                .as(name)
                                .isEqualTo(tokenizer.encode(name))));
    }

    @Test
    void huggingFacesTokenizersGiveTheSameIds(@TempDir Path folder) throws IOException {
        Tokenizer tokenizer = grown(false);
        tokenizer.save(folder);
        try (HuggingFaceTokenizer other = HuggingFaceTokenizer.newInstance(folder.resolve("tokenizer.json"))) {
            List<String> texts = new ArrayList<>();
            NAMES.values().forEach(texts::addAll);
            texts.addAll(
                    List.of("", "  ", "cafe\u0301 42", "\u1220\u120b\u121d", "it's <3 \ud83d\ude00\u200d\ud83d\ude00"));
            for (String text : texts) {
                int[] theirs = Arrays.stream(other.encode(text).getIds())
                        .mapToInt(Math::toIntExact)
                        .toArray();
                assertThat(tokenizer.encodeWhole(text)).as(text).isEqualTo(theirs);
            }
        }
    }

    @Test
    void aFolderKeepsWordsAndLanguages(@TempDir Path folder) {
        Tokenizer tokenizer = grown(true);
        tokenizer.save(folder);
        Tokenizer read = Tokenizer.load(folder);
        assertThat(read.words()).isEqualTo(WordRule.LETTERS_AND_MARKS);
        assertThat(read.languages()).isEqualTo(tokenizer.languages());
        assertThat(read.cleaning()).isEqualTo(TextCleaning.COMPOSED);
        NAMES.forEach((language, names) ->
                names.forEach(name -> assertThat(read.in(language).encode(name))
                        .isEqualTo(tokenizer.in(language).encode(name))));
    }

    @Test
    void aVocabularyThatIsNoExtensionIsRefused() {
        Tokenizer tokenizer = new Tokenizer(new BpeTrainer(600).train(List.of("cat cat")));
        assertThatThrownBy(() -> tokenizer.extendedTo(Vocabulary.ofMerges(List.of()), LearnedLanguages.NONE))
                .hasMessageContaining("no extension");
        SequencedMap<String, Integer> tooMany = new LinkedHashMap<>();
        tooMany.put("fr", 10_000);
        assertThatThrownBy(() -> tokenizer.extendedTo(tokenizer.vocabulary(), new LearnedLanguages(tooMany, true)))
                .hasMessageContainingAll("fr", "10000");
    }
}
