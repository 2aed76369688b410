package dev.perennial.cli;

import java.util.Set;

/** Opens the list of commands to tests of other packages. */
public final class CommandNames {
    private CommandNames() {}

    /** Returns the names of all commands. */
    public static Set<String> all() {
        return Perennial.commandLine().getSubcommands().keySet();
    }
}
