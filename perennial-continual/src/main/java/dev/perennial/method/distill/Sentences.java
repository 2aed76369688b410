package dev.perennial.method.distill;

import dev.perennial.data.DatasetSpec;
import java.util.List;

/** What a student's images are compared with in distillation. */
public sealed interface Sentences {
    /**
     * The class prompts of the experience (LwF).
     *
     * @param captions number of captions, drawn at random, that stand in for them where images have captions
     */
    record OfExperience(int captions) implements Sentences {}

    /**
     * Strings of random tokens (VR-LwF as ZSCL's repository has it).
     *
     * @param count number of strings
     * @param length tokens of a string, start and end token left out
     */
    record RandomTokens(int count, int length) implements Sentences {}

    /**
     * Strings of random whole words of the vocabulary (VR-LwF as WildCLIP's repository has it).
     *
     * @param count number of strings
     * @param words of a string
     */
    record RandomWords(int count, int words) implements Sentences {}

    /**
     * The captions of a data set, or its class prompts where it has none (ZSCL).
     *
     * @param data the data set
     * @param languages of the captions
     */
    record OfDataset(DatasetSpec data, List<String> languages) implements Sentences {}

    /** Tells whether all experiences have the same sentences. */
    default boolean areFixed() {
        return this instanceof OfDataset;
    }
}
