package dev.perennial.data.official;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The prompts of a data set in the MTIL benchmark (ZSCL, arXiv 2303.06628), most of them OpenAI's.
 *
 * @param templates the one for training first
 * @param classes class names by label; empty where the data set's own are used
 */
record Prompts(List<String> templates, List<String> classes) {
    private static final String RESOURCE = "mtil-prompts.json";

    static Prompts of(String dataset) {
        try (InputStream in = Prompts.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("resource " + RESOURCE + " is missing from the jar");
            }
            Prompts prompts = JsonMapper.shared()
                    .readValue(in, new TypeReference<Map<String, Prompts>>() {})
                    .get(dataset);
            if (prompts == null) {
                throw new IllegalStateException("resource " + RESOURCE + " has no prompts for " + dataset);
            }
            return prompts;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read resource " + RESOURCE, e);
        }
    }

    /** Returns the class names with blanks for underscores, which is how the benchmark writes those of torchvision. */
    static List<String> spaced(List<String> names) {
        return names.stream().map(name -> name.replace('_', ' ')).toList();
    }
}
