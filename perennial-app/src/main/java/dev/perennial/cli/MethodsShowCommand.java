package dev.perennial.cli;

import dev.perennial.method.MethodProvider;
import dev.perennial.method.Methods;
import dev.perennial.run.ConfigException;
import dev.perennial.run.Suggestion;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code perennial methods show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Show the preset of a method, which a configuration that names the method starts from.",
        footer = {"", "Example: perennial methods show finetune", "Exit codes: 0 done, 2 there is no such method."})
final class MethodsShowCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "Name of the method, as in 'methods ls'.")
    private String name = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        MethodProvider<?> method = Methods.find(name)
                .orElseThrow(() -> new ConfigException(Suggestion.unknown(
                        "method",
                        name,
                        Methods.all().stream().map(MethodProvider::name).toList())));
        PrintWriter out = spec.commandLine().getOut();
        out.println("# " + method.summary());
        out.println("# Source: " + method.source());
        out.print(preset());
        out.flush();
        return 0;
    }

    /** Returns the file as it was written, since its comments say where the settings come from. */
    private String preset() {
        String resource = "/dev/perennial/method/presets/" + name + ".yaml";
        try (InputStream stream = Methods.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("resource " + resource + " is missing from the program");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read resource " + resource, e);
        }
    }
}
