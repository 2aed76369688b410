package dev.perennial.clip.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sentences with a place for a class name, such as {@code a photo of a {}.}, for zero-shot classification.
 *
 * @param templates at least one; the place is <code>{}</code>, or <code>{c}</code>, which is taken for the same
 */
public record PromptTemplates(List<String> templates) {
    private static final String PLACE = "{}";
    private static final String RESOURCE = "prompt-templates.json";

    /** Checks that there are templates and that all have a place for the class name. */
    public PromptTemplates {
        if (templates.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no prompt template; give at least one, such as 'a photo of a {}.'");
        }
        templates = templates.stream()
                .map(template -> template.replace("{c}", PLACE))
                .toList();
        for (String template : templates) {
            if (!template.contains(PLACE)) {
                throw new IllegalArgumentException("the prompt template '" + template
                        + "' has no place for the class name; put {} there, as in 'a photo of a {}.'");
            }
        }
    }

    /** Returns these templates. */
    public static PromptTemplates of(String... templates) {
        return new PromptTemplates(Arrays.asList(templates));
    }

    /**
     * Returns a bundled set.
     *
     * <p>{@code simple} is "a photo of a {}."; {@code openai-imagenet-80} are OpenAI's templates for ImageNet, and
     * {@code openai-7} the seven of them that OpenAI found to do best together; the others are named after the data set
     * that they are for, as in LAION's CLIP_benchmark.
     *
     * @throws IllegalArgumentException if there is no set of this name; the message lists all
     */
    public static PromptTemplates named(String name) {
        Map<String, List<String>> bundled = bundled();
        List<String> templates = bundled.get(name);
        if (templates == null) {
            throw new IllegalArgumentException(
                    "there are no prompt templates named '" + name + "'; there are " + bundled.keySet());
        }
        return new PromptTemplates(templates);
    }

    /** Returns the names of the bundled sets, in alphabetical order. */
    public static List<String> names() {
        return List.copyOf(bundled().keySet());
    }

    /** Returns the prompts for a class, one for each template in their order. */
    public List<String> fill(String className) {
        return templates.stream()
                .map(template -> template.replace(PLACE, className))
                .toList();
    }

    /** Returns the first template alone, for methods that use a single prompt. */
    public PromptTemplates first() {
        return new PromptTemplates(List.of(templates.getFirst()));
    }

    private static Map<String, List<String>> bundled() {
        try (InputStream in = PromptTemplates.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("resource " + RESOURCE + " is missing from the jar");
            }
            return JsonMapper.shared().readValue(in, new TypeReference<TreeMap<String, List<String>>>() {});
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read resource " + RESOURCE, e);
        }
    }
}
