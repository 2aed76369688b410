package dev.perennial.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The samples that were skipped, each listed once however often it was met; safe for use by several threads. */
public final class BadSamples {
    private record Identity(String dataset, String key) {}

    private final Map<Identity, BadSample> samples = new LinkedHashMap<>();

    /** Lists a sample unless it is listed already. */
    public synchronized void add(BadSample sample) {
        samples.putIfAbsent(new Identity(sample.dataset(), sample.key()), sample);
    }

    /** Returns how many different samples are listed. */
    public synchronized int count() {
        return samples.size();
    }

    /** Returns the samples in the order in which they were first met. */
    public synchronized List<BadSample> list() {
        return List.copyOf(samples.values());
    }
}
