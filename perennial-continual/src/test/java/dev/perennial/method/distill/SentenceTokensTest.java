package dev.perennial.method.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.clip.text.Tokenizer;
import dev.perennial.clip.text.Vocabulary;
import dev.perennial.data.DatasetSpec;
import dev.perennial.data.Pictures;
import dev.perennial.method.TinyContext;
import dev.perennial.stream.Experience;
import dev.perennial.stream.Supervision;
import java.util.List;
import org.junit.jupiter.api.Test;

class SentenceTokensTest {
    private static final Tokenizer BYTES = new Tokenizer(Vocabulary.ofMerges(List.of())).withContextLength(40);

    private static List<int[]> tokens(Tokenizer tokenizer, Sentences sentences, Supervision supervision) {
        var train = Pictures.ofColours("colours", 6, "red", "green");
        return new SentenceTokens(tokenizer, TinyContext.of(1, 1).data())
                .of(sentences, new Experience(0, "colours", train, supervision), 7);
    }

    private static List<String> texts(Sentences sentences, Supervision supervision) {
        return tokens(BYTES, sentences, supervision).stream().map(BYTES::decode).toList();
    }

    private static Supervision labels() {
        return new Supervision.Labels(List.of("red", "green"), PromptTemplates.of("a {} one", "not this {}"));
    }

    @Test
    void anExperienceGivesThePromptsOfItsClasses() {
        assertThat(texts(new Sentences.OfExperience(3), labels()))
                .hasSize(2)
                .allMatch(text -> text.replace(" ", "").startsWith("a"));
    }

    @Test
    void anExperienceOfCaptionsGivesSomeOfThem() {
        assertThat(texts(new Sentences.OfExperience(3), new Supervision.Captions(List.of("de"))))
                .hasSize(3)
                .allMatch(text -> text.replace(" ", "").startsWith("ganz"));
    }

    @Test
    void randomStringsHaveTheAskedNumberOfTokensAndNoMarkerInside() {
        List<int[]> strings = tokens(BYTES, new Sentences.RandomTokens(50, 10), labels());
        assertThat(strings).hasSize(50).allSatisfy(ids -> {
            assertThat(ids).hasSize(12).startsWith(BYTES.startId()).endsWith(BYTES.endId());
            for (int i = 1; i <= 10; i++) {
                assertThat(ids[i]).isNotIn(BYTES.startId(), BYTES.endId()).isBetween(0, BYTES.vocabularySize() - 1);
            }
        });
        assertThat(tokens(BYTES, new Sentences.RandomTokens(50, 10), labels()))
                .as("the seed decides")
                .usingRecursiveFieldByFieldElementComparator()
                .isEqualTo(strings);
        assertThatThrownBy(() -> tokens(BYTES, new Sentences.RandomTokens(1, 39), labels()))
                .hasMessageContaining("38");
    }

    @Test
    void randomWordsAreWholeWordsOfTheVocabulary() {
        Tokenizer openai = Tokenizer.openai();
        assertThat(tokens(openai, new Sentences.RandomWords(20, 5), labels()))
                .hasSize(20)
                .allSatisfy(ids -> {
                    assertThat(ids).hasSize(7);
                    assertThat(openai.decode(ids)).matches("[a-z]{3,}( [a-z]{3,}){4}");
                });
        assertThatThrownBy(() -> tokens(BYTES, new Sentences.RandomWords(1, 5), labels()))
                .hasMessageContaining("tokens");
    }

    @Test
    void aDataSetGivesItsCaptionsOnceOrElseItsPrompts() {
        var data = DatasetSpec.of("anywhere");
        assertThat(texts(new Sentences.OfDataset(data, List.of("en")), labels()))
                .hasSize(6);
        assertThat(texts(new Sentences.OfDataset(data, List.of("xx")), labels()))
                .hasSize(3);
    }
}
