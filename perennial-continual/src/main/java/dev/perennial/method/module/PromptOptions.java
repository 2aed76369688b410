package dev.perennial.method.module;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.perennial.method.Ranges;
import dev.perennial.method.Tower;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Learned tokens after the first token of a tower: image prompts as in Jia et al. 2022 (VPT, arXiv 2203.12119), text prompts as in Zhou et
 * al. 2022 (CoOp, arXiv 2109.01134) before the words that are there.
 *
 * @param count tokens
 * @param depth blocks that have tokens of their own, in place of what the block before made of its own: 1 for shallow prompts, the default,
 *     and more for deep ones
 * @param deviation standard deviation of the initial values; 0.02 if not stated
 * @param towers both if not stated
 */
public record PromptOptions(
        int count,
        OptionalInt depth,
        OptionalDouble deviation,
        @JsonSetter(nulls = Nulls.AS_EMPTY) Set<Tower> towers) {
    /** Checks the ranges. */
    public PromptOptions {
        Ranges.atLeast("modules.prompts.count", 1, count);
        Ranges.atLeast("modules.prompts.depth", 1, depth.orElse(1));
        Ranges.positive("modules.prompts.deviation", deviation.orElse(1));
        towers = Towers.orBoth(towers);
    }
}
