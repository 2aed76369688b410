package dev.perennial.clip.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;

/** The vocabulary of OpenAI's models, from the bundled file of openai/CLIP (MIT licence, see the NOTICE beside it). */
final class OpenAiVocabulary {
    private static final String RESOURCE = "bpe_simple_vocab_16e6.txt.gz";

    /** 49,408 tokens and 48,894 merges. */
    static final Vocabulary VOCABULARY = read();

    private OpenAiVocabulary() {}

    private static Vocabulary read() {
        try (InputStream in = OpenAiVocabulary.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("resource " + RESOURCE + " is missing from the jar");
            }
            return Vocabulary.ofMerges(MergesFile.read(new GZIPInputStream(in), MergesFile.OPENAI_MERGES));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read resource " + RESOURCE, e);
        }
    }
}
