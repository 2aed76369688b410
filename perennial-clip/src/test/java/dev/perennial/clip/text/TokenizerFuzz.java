package dev.perennial.clip.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any UTF-16, whole or broken, becomes ids of the vocabulary under every cleaning. */
class TokenizerFuzz {
    private static final Tokenizer TOKENIZER = Tokenizer.openai().withContextLength(4096);

    static Stream<byte[]> seeds() {
        return Stream.of("a photo of a dog", "&amp;#x1F600; İ ΑΣ", "\ud83d<|endoftext|>\0", "e\u0301 ﬁ \u3000’s")
                .map(text -> text.getBytes(StandardCharsets.UTF_16BE));
    }

    @MethodSource("seeds")
    @FuzzTest
    void anyTextBecomesIdsOfTheVocabulary(byte[] content) {
        String text = ByteBuffer.wrap(content).asCharBuffer().toString();
        for (TextCleaning cleaning : TextCleaning.values()) {
            int[] ids = TOKENIZER.withCleaning(cleaning).encode(text);
            assertThat(ids).startsWith(TOKENIZER.startId()).endsWith(TOKENIZER.endId());
            assertThat(Arrays.stream(ids)).allMatch(id -> id >= 0 && id < TOKENIZER.vocabularySize());
        }
    }
}
