package dev.perennial.train;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What to do about a step whose loss or gradient is not a finite number. */
public enum OnDivergence {
    /** The training stops with an error. */
    @JsonProperty("stop")
    STOP,
    /** The weights stay as they are and the next step follows, until too many steps in a row were skipped. */
    @JsonProperty("skip")
    SKIP
}
