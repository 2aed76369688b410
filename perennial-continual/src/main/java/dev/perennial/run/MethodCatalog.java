package dev.perennial.run;

import dev.perennial.clip.Clip;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodProvider;
import dev.perennial.method.Methods;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The methods with their presets, and their creation from a configuration. */
public final class MethodCatalog {
    private MethodCatalog() {}

    /**
     * A method and its preset.
     *
     * @param provider creates the method
     * @param preset its published settings, of the form of a run's configuration
     */
    public record Entry(MethodProvider<?> provider, ObjectNode preset) {
        /** Creates the method from a configuration's options. */
        Method create(Clip pretrained, JsonNode options, MethodContext context) {
            context.random().seedEngine();
            return create(provider, pretrained, options, context);
        }

        private static <O extends Record> Method create(
                MethodProvider<O> provider, Clip pretrained, JsonNode options, MethodContext context) {
            return provider.create(pretrained, Yaml.bind(provider.name(), options, provider.optionsType()), context);
        }

        /** Checks the options without creating the method. */
        void options(String place, JsonNode options) {
            Yaml.bind(place + ": options", options, provider.optionsType());
        }
    }

    /** Returns all methods by name. */
    public static List<Entry> all() {
        return Methods.all().stream().map(MethodCatalog::entry).toList();
    }

    /**
     * Returns the method of this name.
     *
     * @throws ConfigException if there is none, with the nearest name
     */
    static Entry require(String place, String name) {
        return Methods.find(name)
                .map(MethodCatalog::entry)
                .orElseThrow(() -> new ConfigException(place + ": "
                        + Suggestion.unknown(
                                "method",
                                name,
                                Methods.all().stream().map(MethodProvider::name).toList())));
    }

    private static Entry entry(MethodProvider<?> provider) {
        return new Entry(provider, Yaml.resource("/dev/perennial/method/presets/" + provider.name() + ".yaml"));
    }
}
