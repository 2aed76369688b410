package dev.perennial.bench;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.perennial.run.ConfigException;
import dev.perennial.run.Yaml;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * A benchmark as a YAML file describes it: methods times seeds over one stream.
 *
 * @param name what it is called in results
 * @param description what it measures, for the head of the table
 * @param seeds one run of each method for each seed
 * @param seeded settings that take the seed, such as {@code seed} and {@code stream.order-seed}; {@code seed} alone if not stated
 * @param methods the rows of the table, in order
 * @param run what the runs have in common, of the form of a run's configuration
 */
public record Suite(
        String name,
        Optional<String> description,
        List<Long> seeds,
        @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> seeded,
        List<Entry> methods,
        ObjectNode run) {
    private static final String WORD = "[A-Za-z0-9][A-Za-z0-9._-]*";

    /** Checks that there is something to run and that rows differ in name. */
    public Suite {
        seeds = List.copyOf(seeds);
        seeded = seeded.isEmpty() ? List.of("seed") : List.copyOf(seeded);
        methods = List.copyOf(methods);
        requireWord(name);
        if (seeds.isEmpty() || methods.isEmpty()) {
            throw new IllegalArgumentException("a suite needs at least one seed and one method");
        }
        Set<String> names = new HashSet<>();
        for (Entry entry : methods) {
            if (!names.add(entry.name())) {
                throw new IllegalArgumentException("two rows are called '" + entry.name() + "'; rename one");
            }
        }
    }

    /**
     * A row of the table.
     *
     * @param name what it is called there
     * @param method the method; the one called like the row if not stated
     * @param seeds seeds in place of those of the suite, for methods that have no randomness
     * @param settings settings that replace those of {@code run}
     */
    public record Entry(
            String name, Optional<String> method, Optional<List<Long>> seeds, Optional<ObjectNode> settings) {
        /** Checks that the name can be part of a file's. */
        public Entry {
            requireWord(name);
            seeds = seeds.map(List::copyOf);
        }
    }

    /**
     * Reads a suite.
     *
     * @throws ConfigException if a key is unknown, missing or wrong
     */
    public static Suite read(Path file) {
        return Yaml.bind(file.toString(), Yaml.read(file), Suite.class);
    }

    /** Reads a suite that ships with the program. */
    public static Suite readResource(String resource) {
        return Yaml.bind(resource, Yaml.resource(resource), Suite.class);
    }

    /**
     * Returns the suite with some of its rows only, in its own order.
     *
     * @throws ConfigException if there is no row of such a name
     */
    public Suite withMethods(List<String> wanted) {
        List<String> known = methods.stream().map(Entry::name).toList();
        for (String row : wanted) {
            if (!known.contains(row)) {
                throw new ConfigException("suite " + name + " has no row '" + row + "'; it has " + known);
            }
        }
        return new Suite(
                name,
                description,
                seeds,
                seeded,
                methods.stream().filter(entry -> wanted.contains(entry.name())).toList(),
                run);
    }

    /** Returns the suite with other seeds. */
    public Suite withSeeds(List<Long> other) {
        return new Suite(name, description, other, seeded, methods, run);
    }

    private static void requireWord(String name) {
        if (!name.matches(WORD)) {
            throw new IllegalArgumentException(
                    "'" + name + "' becomes part of a folder's name; use letters, digits, dots and" + " hyphens");
        }
    }
}
