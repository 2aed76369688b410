package dev.perennial.cli;

import dev.perennial.bench.Suite;
import dev.perennial.bundle.Bundle;
import dev.perennial.run.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A suite and where it was found.
 *
 * @param suite the suite
 * @param baseFolder what its relative paths are relative to
 */
record SuiteSource(Suite suite, Path baseFolder) {
    private static final String DEMO = "demo";
    private static final String DEMO_RESOURCE = "/dev/perennial/bundle/bench-demo.yaml";

    /** Finds a suite: a file, a name in {@code configs/suites} of this installation, or the bundled {@code demo}. */
    static SuiteSource find(String name, Bundle bundle) {
        Path file = Path.of(name);
        if (Files.isRegularFile(file)) {
            return of(file);
        }
        if (name.equals(DEMO)) {
            return new SuiteSource(Suite.readResource(DEMO_RESOURCE), bundle.data());
        }
        Path named = Folders.home().resolve("configs").resolve("suites").resolve(name + ".yaml");
        if (Files.isRegularFile(named)) {
            return of(named);
        }
        throw new ConfigException("there is no suite '" + name
                + "'; give a YAML file, or one of: demo, mtil-micro, mtil," + " languages-emoji, languages-flickr8k");
    }

    private static SuiteSource of(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        return new SuiteSource(Suite.read(file), Objects.requireNonNull(absolute.getParent(), "a file has a folder"));
    }
}
