package dev.perennial.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Finds models by what a user calls them: a bundled name, a file or folder, or the hub id of a model that was pulled.
 *
 * @param bundled models that ship with the program, by name
 * @param pulled where {@code models pull} puts hub models
 */
public record ModelSource(Map<String, Supplier<Path>> bundled, Path pulled) {
    /**
     * Returns the file or folder of a model.
     *
     * @param baseFolder what a relative path is relative to
     * @throws ConfigException if there is no such model
     */
    public Path find(String model, Path baseFolder) {
        if (bundled.containsKey(model)) {
            return bundled.get(model).get();
        }
        for (Path candidate : List.of(baseFolder.resolve(model), pulled.resolve(model))) {
            if (Files.exists(candidate)) {
                return candidate;
            }
        }
        List<String> known = new ArrayList<>(bundled.keySet());
        String pull = model.matches("[\\w.-]+/[\\w.-]+")
                ? "; if it is a Hugging Face model, run 'perennial models pull " + model + "' first"
                : "; give a file, a folder or one of: " + String.join(", ", known);
        String meant = Suggestion.nearest(model, known)
                .map(name -> "; did you mean '" + name + "'?")
                .orElse(pull);
        throw new ConfigException("there is no model '" + model + "'" + meant);
    }
}
