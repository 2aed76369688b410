package dev.perennial.data;

/** One sample cannot be used while the rest of its data set can: loading skips it, counts it and lists it. */
public final class BadSampleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient BadSample sample;

    /** Creates the exception for a sample. */
    public BadSampleException(BadSample sample) {
        super(sample.toString());
        this.sample = sample;
    }

    /** Creates the exception for a sample with what caused it. */
    public BadSampleException(BadSample sample, Throwable cause) {
        super(sample.toString(), cause);
        this.sample = sample;
    }

    /** Returns the sample and the reason. */
    public BadSample sample() {
        return sample;
    }
}
