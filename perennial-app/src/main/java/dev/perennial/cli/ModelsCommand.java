package dev.perennial.cli;

import picocli.CommandLine.Command;

/** {@code perennial models}. */
@Command(
        name = "models",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "List, inspect, convert, initialise and fetch models.",
        subcommands = {
            ModelsListCommand.class,
            ModelsInspectCommand.class,
            ModelsConvertCommand.class,
            ModelsInitCommand.class,
            ModelsAdapterCommand.class,
            ModelsPullCommand.class
        },
        footer = {"", "Example: perennial models pull openai/clip-vit-base-patch32"})
final class ModelsCommand {}
