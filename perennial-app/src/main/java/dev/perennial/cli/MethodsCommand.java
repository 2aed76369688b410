package dev.perennial.cli;

import picocli.CommandLine.Command;

/** {@code perennial methods}. */
@Command(
        name = "methods",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "List the continual-learning methods and show their published settings.",
        subcommands = {MethodsListCommand.class, MethodsShowCommand.class},
        footer = {"", "Example: perennial methods show finetune"})
final class MethodsCommand {}
