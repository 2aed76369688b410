package dev.perennial.clip.tower;

/** The linear maps of a residual block to which a method can add a term, such as a low-rank update. */
public enum Projection {
    /** Input to the attention's queries. */
    QUERY,
    /** Input to the attention's keys. */
    KEY,
    /** Input to the attention's values. */
    VALUE,
    /** Attention heads back to the residual stream. */
    OUT,
    /** First layer of the MLP. */
    MLP_HIDDEN,
    /** Second layer of the MLP. */
    MLP_OUT
}
