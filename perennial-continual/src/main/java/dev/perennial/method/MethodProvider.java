package dev.perennial.method;

import dev.perennial.clip.Clip;

/**
 * Makes a method known by name: found through {@link java.util.ServiceLoader}, with a preset of the same name beside it.
 *
 * @param <O> the method's options, a record that YAML is read into
 */
public interface MethodProvider<O extends Record> {
    /** Returns the name in configurations, such as {@code moe-adapters}. */
    String name();

    /** Returns what it does, in one sentence for a list. */
    String summary();

    /** Returns the source: authors, year and arXiv id. */
    String source();

    /** Returns the type of the options. */
    Class<O> optionsType();

    /**
     * Creates the method.
     *
     * @param pretrained the model to adapt; the method takes it over and may change it
     * @param context what it may use of its run; see {@link Method} on what may be drawn from where. Nothing of it is opened or
     *     loaded before an experience begins
     */
    Method create(Clip pretrained, O options, MethodContext context);
}
