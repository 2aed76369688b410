package dev.perennial.run;

import dev.perennial.clip.guard.SafeText;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Settings given on the command line as {@code training.learning-rate=1e-4}. */
final class Overrides {
    private Overrides() {}

    /** Returns a copy of the tree with the settings replaced; values are read as YAML. */
    static ObjectNode apply(ObjectNode tree, List<String> overrides) {
        ObjectNode result = tree.deepCopy();
        for (String override : overrides) {
            int equals = override.indexOf('=');
            if (equals < 1) {
                throw new ConfigException(SafeText.of("'" + override
                        + "' is not a setting; write key=value, such as seed=7 or" + " training.learning-rate=1e-4"));
            }
            String[] path = override.substring(0, equals).split("\\.", -1);
            if (Arrays.stream(path).anyMatch(String::isBlank)) {
                throw new ConfigException(
                        SafeText.of(
                                "'" + override
                                        + "' names no setting; write its keys with single dots between them, such as training.steps=100"));
            }
            ObjectNode at = result;
            for (int i = 0; i < path.length - 1; i++) {
                at = at.get(path[i]) instanceof ObjectNode inner ? inner : at.putObject(path[i]);
            }
            ObjectNode value = Yaml.parse(override, "value: " + override.substring(equals + 1));
            if (value.size() != 1) {
                throw new ConfigException(
                        SafeText.of("'" + override + "' holds more than one setting; give each by itself"));
            }
            at.set(path[path.length - 1], value.get("value"));
        }
        return result;
    }
}
