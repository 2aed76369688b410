package dev.perennial.run;

import dev.perennial.clip.Clip;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;

/** Opens the creation of methods to the tests of other rooms. */
public final class ConfiguredMethod {
    private ConfiguredMethod() {}

    /** Creates the method that a configuration names, with its options. */
    public static Method create(RunConfig config, Clip pretrained, MethodContext context) {
        return MethodCatalog.require("test", config.method()).create(pretrained, config.options(), context);
    }
}
