package dev.perennial.method.cllclip;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What counts as use of a token. */
enum Counting {
    /** Each language that has the token counts 1, as in the repository. */
    @JsonProperty("languages")
    LANGUAGES {
        @Override
        float[] of(TokenCounts counts) {
            return counts.languages();
        }
    },
    /** Each experience counts {@code log(1 + f) / log(1 + F)}, f the token's frequency and F that of the most frequent token. */
    @JsonProperty("frequency")
    FREQUENCY {
        @Override
        float[] of(TokenCounts counts) {
            long[] frequencies = counts.frequencies();
            long most = 1;
            for (long frequency : frequencies) {
                most = Math.max(most, frequency);
            }
            float[] added = new float[frequencies.length];
            for (int token = 0; token < added.length; token++) {
                added[token] = (float) (Math.log1p(frequencies[token]) / Math.log1p(most));
            }
            return added;
        }
    };

    /** Returns what an experience adds to n. */
    abstract float[] of(TokenCounts counts);
}
