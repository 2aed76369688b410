package dev.perennial.method.module;

import dev.perennial.clip.Clip;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.method.Tower;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The modules that are added to a model; several kinds add up.
 *
 * @param lora low-rank updates of projections
 * @param adapter bottleneck adapters
 * @param prompts learned tokens
 */
public record ModuleOptions(
        Optional<LoraOptions> lora, Optional<AdapterOptions> adapter, Optional<PromptOptions> prompts) {
    /** The beginning of the names of all parameters of modules. */
    public static final String PREFIX = "modules.";

    /** Checks that there is a module. */
    public ModuleOptions {
        if (Stream.of(lora, adapter, prompts).allMatch(Optional::isEmpty)) {
            throw new IllegalArgumentException(
                    "modules names none; add lora, adapter or prompts, or leave modules out");
        }
    }

    /** Returns whether they are in the text tower alone, so that images are embedded as without them. */
    public boolean leaveImages() {
        return Stream.of(
                        lora.map(LoraOptions::towers),
                        adapter.map(AdapterOptions::towers),
                        prompts.map(PromptOptions::towers))
                .flatMap(Optional::stream)
                .allMatch(Set.of(Tower.TEXT)::equals);
    }

    /** Adds the modules to a model, whose own they become. */
    public void addTo(Clip clip, RandomStream random) {
        lora.ifPresent(options -> new Lora(options).addTo(clip, random));
        adapter.ifPresent(options -> new Adapter(options).addTo(clip, random));
        prompts.ifPresent(options -> new Prompts(options).addTo(clip, random));
    }
}
