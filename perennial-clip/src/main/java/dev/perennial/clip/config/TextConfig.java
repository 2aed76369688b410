package dev.perennial.clip.config;

/**
 * The sizes of the causal text tower.
 *
 * @param contextLength longest token sequence, start and end markers included
 * @param vocabularySize rows of the token embedding
 * @param endOfTextId id of the token at whose position the text is pooled
 * @param transformer the residual blocks
 */
public record TextConfig(int contextLength, int vocabularySize, int endOfTextId, TransformerConfig transformer) {
    /** Checks that the end-of-text token is in the vocabulary. */
    public TextConfig {
        Sizes.requirePositive("context length", contextLength);
        Sizes.requirePositive("vocabulary size", vocabularySize);
        if (endOfTextId < 0 || endOfTextId >= vocabularySize) {
            throw new IllegalArgumentException(
                    "end-of-text id " + endOfTextId + " is outside the vocabulary of " + vocabularySize + " tokens");
        }
    }

    /** Returns the number of parameters with a projection to {@code embedDim} channels. */
    public long parameterCount(int embedDim) {
        long w = transformer.width();
        return vocabularySize * w + contextLength * w + transformer.parameterCount() + 2 * w + w * embedDim;
    }

    /** Returns the multiply-adds of a forward pass over one text of full length, with a projection to {@code embedDim} channels. */
    public long macs(int embedDim) {
        return transformer.macs(contextLength) + (long) transformer.width() * embedDim;
    }
}
