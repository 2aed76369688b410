package dev.perennial.evaluate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is needed to repeat a run.
 *
 * @param seed the seed of all random streams
 * @param commit the commit of this toolkit
 * @param configSha256 the hash of the configuration, in hexadecimal
 * @param software the version of each piece of software by name
 */
public record Provenance(long seed, String commit, String configSha256, Map<String, String> software) {
    /** Keeps a copy in order. */
    public Provenance {
        software = Collections.unmodifiableMap(new LinkedHashMap<>(software));
    }
}
