package dev.perennial.method.time;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.perennial.clip.Clip;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodProvider;
import dev.perennial.method.Part;
import dev.perennial.method.tune.Tuning;
import dev.perennial.method.tune.TuningOptions;
import java.util.Set;

/** Makes {@code oracle} known. */
public final class OracleProvider implements MethodProvider<OracleProvider.Options> {
    /** The weights that every step begins from. */
    public enum From {
        /** Those of the pretrained model. */
        @JsonProperty("pretrained")
        PRETRAINED,
        /** Newly drawn ones, as published; the parts that are not trained stay pretrained. */
        @JsonProperty("random")
        RANDOM
    }

    /**
     * The choices.
     *
     * @param train the parts to train
     * @param labelSmoothing share of the target spread over all classes, in {@code [0, 1)}
     * @param from the weights that every step begins from
     */
    public record Options(Set<Part> train, double labelSmoothing, From from) {
        /** Checks the ranges. */
        public Options {
            train = new TuningOptions(train, labelSmoothing).train();
        }

        TuningOptions tuning() {
            return new TuningOptions(train, labelSmoothing);
        }
    }

    @Override
    public String name() {
        return "oracle";
    }

    @Override
    public String summary() {
        return "TiC-CLIP's Oracle: at every time step, a new model of all data so far with the compute of all steps so far.";
    }

    @Override
    public String source() {
        return "Garg et al. 2024 (TiC-CLIP), arXiv 2310.16226";
    }

    @Override
    public Class<Options> optionsType() {
        return Options.class;
    }

    @Override
    public Method create(Clip pretrained, Options options, MethodContext context) {
        return Tuning.of(pretrained, options.tuning(), context, new Afresh(pretrained, options.from(), context));
    }
}
