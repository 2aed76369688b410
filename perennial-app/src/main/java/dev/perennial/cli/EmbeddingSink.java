package dev.perennial.cli;

/** Takes embeddings one by one. */
@FunctionalInterface
interface EmbeddingSink {
    /**
     * Takes an embedding.
     *
     * @param key path of the image, or the text itself
     * @param embedding of length one, {@code embedDim} numbers
     */
    void add(Kind kind, String key, float[] embedding);

    /** What was embedded. */
    enum Kind {
        /** A file. */
        IMAGE("image"),
        /** A string. */
        TEXT("text");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** Returns {@code image} or {@code text}. */
        String word() {
            return word;
        }
    }
}
