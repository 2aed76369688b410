package dev.perennial.clip.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class BpeTrainerTest {
    @Test
    void mergesTheMostFrequentPairFirstAndBreaksTiesByCharacters() {
        Vocabulary vocabulary = new BpeTrainer(518).train(List.of("abc abc abd", "zy zy"));

        // a-b occurs 3 times; then ab-c and z-y twice each, and "ab" is before "z".
        assertThat(vocabulary.merges())
                .containsExactly(
                        new Merge("a", "b"),
                        new Merge("ab", "c</w>"),
                        new Merge("z", "y</w>"),
                        new Merge("ab", "d</w>"));
        assertThat(vocabulary.size()).isEqualTo(518);
    }

    @Test
    void countsAPairThatOverlapsItself() {
        Vocabulary vocabulary = new BpeTrainer(1000).train(List.of("aaaaaa aaaaaa"));

        assertThat(vocabulary.merges()).startsWith(new Merge("a", "a"));
        assertThat(new Tokenizer(vocabulary).encode("aaaaaa")).hasSize(3);
    }

    @Test
    void stopsWherePairsAreRarerThanTheMinimum() {
        Vocabulary vocabulary = new BpeTrainer(10_000, 2, TextCleaning.PLAIN).train(List.of("cat cat dog"));

        assertThat(vocabulary.tokens()).contains("cat</w>").doesNotContain("dog</w>");
    }

    @Test
    void learnsFromCleanedPiecesWithoutTheMarkers() {
        Vocabulary vocabulary = new BpeTrainer(10_000).train(List.of("Dogs &amp; CATS <|startoftext|> <|endoftext|>"));

        assertThat(vocabulary.tokens()).contains("dogs</w>", "cats</w>").noneMatch(token -> token.contains("amp"));
        assertThat(vocabulary.tokens()).doesNotContain("start", "text");
    }

    @Test
    void givesAVocabularyForAnyTextFromNoText() {
        Vocabulary vocabulary = new BpeTrainer(8000).train(List.of());

        assertThat(vocabulary.size()).isEqualTo(514);
        assertThat(new Tokenizer(vocabulary).decode(new Tokenizer(vocabulary).encode("日本 dog")))
                .isEqualTo("日本 dog");
    }

    @Test
    void refusesASizeBelowTheByteTokens() {
        assertThatThrownBy(() -> new BpeTrainer(513)).hasMessageContainingAll("513", "514");
        assertThatThrownBy(() -> new BpeTrainer(600, 0, TextCleaning.PLAIN)).hasMessageContaining("0");
    }

    @Property(tries = 200)
    void givesTheSameForTextsInAnyOrder(
            @ForAll @Size(max = 20) List<@CharRange(from = 'a', to = 'c') @StringLength(max = 20) String> texts) {
        var reversed = new ArrayList<>(texts);
        Collections.reverse(reversed);

        assertThat(new BpeTrainer(560).train(reversed)).isEqualTo(new BpeTrainer(560).train(texts));
    }

    @Property(tries = 200)
    void mergesLikeCountingAfreshAfterEveryMerge(
            @ForAll @Size(max = 10)
                    List<@CharRange(from = 'a', to = 'c') @StringLength(min = 1, max = 16) String> words) {
        Vocabulary vocabulary = new BpeTrainer(550).train(words);

        assertThat(vocabulary.merges()).containsExactlyElementsOf(counted(words, vocabulary.size()));
    }

    private static Set<Merge> counted(List<String> texts, int size) {
        List<List<String>> words = new ArrayList<>();
        for (String text : texts) {
            List<String> word = new ArrayList<>(List.of(text.split("")));
            word.add(word.removeLast() + "</w>");
            words.add(word);
        }
        Set<Merge> merges = new LinkedHashSet<>();
        while (Vocabulary.ofMerges(List.copyOf(merges)).size() < size || size < 550) {
            Map<Merge, Integer> counts = new HashMap<>();
            for (List<String> word : words) {
                for (int i = 0; i + 1 < word.size(); i++) {
                    counts.merge(new Merge(word.get(i), word.get(i + 1)), 1, Integer::sum);
                }
            }
            if (counts.isEmpty()) {
                break;
            }
            Merge best = Collections.min(
                    counts.keySet(),
                    Comparator.<Merge>comparingInt(merge -> -counts.getOrDefault(merge, 0))
                            .thenComparing(Merge::left)
                            .thenComparing(Merge::right));
            merges.add(best);
            for (List<String> word : words) {
                for (int i = 0; i + 1 < word.size(); i++) {
                    if (best.equals(new Merge(word.get(i), word.get(i + 1)))) {
                        word.remove(i + 1);
                        word.set(i, best.joined());
                    }
                }
            }
        }
        return merges;
    }
}
