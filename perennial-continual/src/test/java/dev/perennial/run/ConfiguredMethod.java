package dev.perennial.run;

import dev.perennial.clip.Clip;
import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.method.Method;

/** Opens the creation of methods to the tests of other rooms. */
public final class ConfiguredMethod {
    private ConfiguredMethod() {}

    /** Creates the method that a configuration names, with its options. */
    public static Method create(RunConfig config, Clip pretrained, RandomStreams random) {
        return MethodCatalog.require("test", config.method()).create(pretrained, config.options(), random);
    }
}
