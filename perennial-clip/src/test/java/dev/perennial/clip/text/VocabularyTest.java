package dev.perennial.clip.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class VocabularyTest {
    private static final Vocabulary OPENAI = Tokenizer.openai().vocabulary();

    @Test
    void hasOpenAiTokensAndMerges() throws GeneralSecurityException {
        assertThat(OPENAI.tokens()).hasSize(49408);
        assertThat(sha256(OPENAI.tokens()))
                .isEqualTo("7cccc44d334555d1ff3c0ac5f0246b428fab2918383e77ee745cf30d41010b78");
        assertThat(OPENAI.merges()).hasSize(48894);
        assertThat(sha256(OPENAI.merges().stream().map(Merge::toString).toList()))
                .isEqualTo("f61f2adf497e6f5357c347aeb4646fabe82f341e946de5bdec5d2858e41bef4a");
    }

    @Test
    void findsIdsOfTokens() {
        assertThat(OPENAI.id("!")).hasValue(0);
        assertThat(OPENAI.id("\u0143")).hasValue(255);
        assertThat(OPENAI.id("a</w>")).hasValue(320);
        assertThat(OPENAI.id("in")).hasValue(512);
        assertThat(OPENAI.id("jekyll</w>")).hasValue(49405);
        assertThat(OPENAI.id("no such token")).isEmpty();
    }

    @Test
    void letsTokensFollowTheEndToken() {
        var tokens = new ArrayList<>(Vocabulary.ofMerges(List.of()).tokens());
        tokens.add("ab");

        var grown =
                new Vocabulary(tokens, List.of(new Merge("a", "b")), Vocabulary.START_OF_TEXT, Vocabulary.END_OF_TEXT);

        assertThat(new Tokenizer(grown).encode("abc"))
                .containsExactly(512, 514, grown.id("c</w>").orElseThrow(), 513);
    }

    @Test
    void refusesAMergeWhoseResultIsNoToken() {
        List<String> tokens = Vocabulary.ofMerges(List.of()).tokens();
        assertThatThrownBy(() -> new Vocabulary(
                        tokens, List.of(new Merge("a", "b")), Vocabulary.START_OF_TEXT, Vocabulary.END_OF_TEXT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'ab'", "a b");
    }

    @Test
    void refusesTokensThatCannotSpellEveryByte() {
        assertThatThrownBy(() -> new Vocabulary(List.of("a", "b", "s", "e"), List.of(), "s", "e"))
                .hasMessageContainingAll("'!'", "4 tokens");
    }

    @Test
    void refusesATokenWithTwoIds() {
        var tokens = new ArrayList<>(Vocabulary.ofMerges(List.of()).tokens());
        tokens.add("a");
        assertThatThrownBy(() -> new Vocabulary(tokens, List.of(), Vocabulary.START_OF_TEXT, Vocabulary.END_OF_TEXT))
                .hasMessageContainingAll("'a'", "64", "514");
    }

    @Test
    void refusesAMissingMarkerAndAMergeThatOccursTwice() {
        List<String> tokens = OPENAI.tokens();
        assertThatThrownBy(() -> new Vocabulary(tokens, List.of(), "<s>", Vocabulary.END_OF_TEXT))
                .hasMessageContaining("<s>");
        Merge merge = new Merge("i", "n");
        assertThatThrownBy(() -> Vocabulary.ofMerges(List.of(merge, merge))).hasMessageContaining("i n");
    }

    private static String sha256(List<String> lines) throws GeneralSecurityException {
        byte[] text = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    }
}
