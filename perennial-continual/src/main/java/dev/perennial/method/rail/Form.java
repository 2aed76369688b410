package dev.perennial.method.rail;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The two forms of the regression: one grows with the random layer, the other with the number of samples. */
public enum Form {
    /** A random hidden layer and a Gram matrix over its units. */
    @JsonProperty("primal")
    PRIMAL,
    /** A Gaussian kernel over the features of all samples, which are kept. */
    @JsonProperty("dual")
    DUAL
}
