package dev.perennial.clip.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;

class BytePairEncodingTest {
    @Property
    void mergesLikeThePublishedLoop(
            @ForAll @CharRange(from = 'a', to = 'c') @StringLength(min = 1, max = 100) String piece,
            @ForAll("merges") List<Merge> merges) {
        Vocabulary vocabulary = Vocabulary.ofMerges(merges);

        List<String> tokens = IntStream.of(new BytePairEncoding(vocabulary).encode(piece))
                .mapToObj(vocabulary.tokens()::get)
                .toList();

        assertThat(tokens).isEqualTo(published(piece, merges));
    }

    /** Merges of tokens that exist, in no particular order of priority. */
    @Provide
    Arbitrary<List<Merge>> merges() {
        Arbitrary<Integer> choice = Arbitraries.integers().between(0, Integer.MAX_VALUE);
        return choice.list().ofMaxSize(40).map(choices -> {
            var tokens = new ArrayList<>(List.of("a", "b", "c"));
            var ends = new ArrayList<>(List.of("a</w>", "b</w>", "c</w>"));
            Set<Merge> merges = new LinkedHashSet<>();
            for (int i = 0; i + 2 < choices.size(); i += 3) {
                String left = tokens.get(choices.get(i) % tokens.size());
                var rights = choices.get(i + 2) % 4 == 0 ? ends : tokens;
                var merge = new Merge(left, rights.get(choices.get(i + 1) % rights.size()));
                rights.add(merge.joined());
                merges.add(merge);
            }
            var ordered = new ArrayList<>(merges);
            Collections.shuffle(ordered, new Random(choices.hashCode()));
            return List.copyOf(ordered);
        });
    }

    /** The loop of openai/CLIP: all places of the best pair, then the next best pair. */
    private static List<String> published(String piece, List<Merge> merges) {
        List<String> word =
                new ArrayList<>(piece.chars().mapToObj(Character::toString).toList());
        word.set(word.size() - 1, word.getLast() + "</w>");
        while (true) {
            List<String> current = word;
            var best = merges.stream()
                    .filter(merge -> IntStream.range(0, current.size() - 1)
                            .anyMatch(i -> merge.equals(new Merge(current.get(i), current.get(i + 1)))))
                    .findFirst();
            if (best.isEmpty()) {
                return word;
            }
            var next = new ArrayList<String>();
            for (int i = 0; i < word.size(); ) {
                boolean found = i + 1 < word.size() && best.get().equals(new Merge(word.get(i), word.get(i + 1)));
                next.add(found ? best.get().joined() : word.get(i));
                i += found ? 2 : 1;
            }
            word = next;
        }
    }
}
