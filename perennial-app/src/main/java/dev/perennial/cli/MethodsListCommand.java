package dev.perennial.cli;

import dev.perennial.method.MethodProvider;
import dev.perennial.method.Methods;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code perennial methods ls}. */
@Command(
        name = "ls",
        mixinStandardHelpOptions = true,
        description = "List the methods.",
        footer = {"", "Example: perennial methods ls --format json"})
final class MethodsListCommand implements Callable<Integer> {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Option(
            names = "--format",
            paramLabel = "table|json",
            defaultValue = "table",
            description = "How they are printed (default: ${DEFAULT-VALUE}).")
    private Format format = Format.TABLE;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** How they are printed. */
    private enum Format {
        TABLE,
        JSON
    }

    /** A method in the list. */
    private record Line(String name, String summary, String source) {
        static Line of(MethodProvider<?> method) {
            return new Line(method.name(), method.summary(), method.source());
        }
    }

    @Override
    public Integer call() {
        List<Line> methods = Methods.all().stream().map(Line::of).toList();
        PrintWriter out = spec.commandLine().getOut();
        switch (format) {
            case JSON -> out.println(JSON.writeValueAsString(methods));
            case TABLE -> {
                Columns table = new Columns("name", "source", "summary");
                methods.forEach(method -> table.row(method.name, method.source, method.summary));
                out.print(table);
            }
        }
        out.flush();
        return 0;
    }
}
