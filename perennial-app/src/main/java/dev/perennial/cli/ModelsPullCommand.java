package dev.perennial.cli;

import dev.perennial.clip.checkpoint.Hub;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code perennial models pull}. */
@Command(
        name = "pull",
        mixinStandardHelpOptions = true,
        description =
                "Fetch a CLIP model from the Hugging Face hub; a download that broke off goes on where it stopped.",
        footer = {
            "",
            "The access token for private repositories is read from the environment variable HF_TOKEN.",
            "Example: perennial models pull openai/clip-vit-base-patch32",
            "Exit codes: 0 done, 1 it could not be fetched, 2 wrong usage."
        })
final class ModelsPullCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ID", description = "The repository, such as openai/clip-vit-base-patch32.")
    private String id = "";

    @Option(
            names = "--revision",
            paramLabel = "REVISION",
            defaultValue = "main",
            description = "Branch, tag or commit (default: ${DEFAULT-VALUE}).")
    private String revision = "";

    @Option(
            names = "--base",
            paramLabel = "URL",
            defaultValue = "${env:HF_ENDPOINT:-https://huggingface.co}",
            description = "Address of the hub (default: $HF_ENDPOINT, or https://huggingface.co).")
    private URI base = Hub.HUGGING_FACE;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FOLDER",
            description = "Where it goes (default: the folder of pulled models, where --model finds it by its id).")
    private Optional<Path> output = Optional.empty();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Path folder = output.orElseGet(() -> Folders.models().resolve(id));
        Hub hub = Optional.ofNullable(System.getenv("HF_TOKEN"))
                .filter(token -> !token.isBlank())
                .map(token -> new Hub(base, token.strip()))
                .orElseGet(() -> new Hub(base));
        PrintStream terminal = System.err;
        try (Progress progress = new Progress(terminal)) {
            hub.pull(id, revision, folder, (file, done, total) -> progress.at(file, done, total, "bytes"));
        }
        spec.commandLine().getOut().println("model: " + folder);
        spec.commandLine().getOut().flush();
        return 0;
    }
}
