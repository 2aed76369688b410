package dev.perennial.method.regularize;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.perennial.clip.Clip;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodProvider;
import dev.perennial.method.Part;
import dev.perennial.method.Ranges;
import dev.perennial.method.module.ModuleOptions;
import dev.perennial.method.tune.Tuning;
import dev.perennial.method.tune.TuningOptions;
import java.util.Optional;
import java.util.Set;

/** Makes {@code wise-ft} known. */
public final class WiseFtProvider implements MethodProvider<WiseFtProvider.Options> {
    /** Which earlier weights. */
    public enum Towards {
        /** The weights at the start of the experience, as in ZSCL's repository. */
        @JsonProperty("start")
        START,
        /** The pretrained weights. */
        @JsonProperty("pretrained")
        PRETRAINED
    }

    /**
     * The choices.
     *
     * @param train the parts to train
     * @param labelSmoothing share of the target spread over all classes, in {@code [0, 1)}
     * @param modules small parts that are added to the model; none if absent
     * @param alpha share of the earlier weights, in {@code [0, 1]}
     * @param towards which earlier weights
     */
    public record Options(
            Set<Part> train, double labelSmoothing, Optional<ModuleOptions> modules, double alpha, Towards towards) {
        /** Checks the ranges. */
        public Options {
            train = new TuningOptions(train, labelSmoothing, Optional.empty(), modules).train();
            Ranges.share("alpha", alpha);
            if (modules.isPresent() && towards == Towards.PRETRAINED) {
                throw new IllegalArgumentException(
                        "the pretrained model has no modules to interpolate with; set towards: start");
            }
        }

        TuningOptions tuning() {
            return new TuningOptions(train, labelSmoothing, Optional.empty(), modules);
        }
    }

    @Override
    public String name() {
        return "wise-ft";
    }

    @Override
    public String summary() {
        return "Fine-tuning whose weights are interpolated with earlier ones after each experience.";
    }

    @Override
    public String source() {
        return "Wortsman et al. 2022 (WiSE-FT), arXiv 2109.01903";
    }

    @Override
    public Class<Options> optionsType() {
        return Options.class;
    }

    @Override
    public Method create(Clip pretrained, Options options, MethodContext context) {
        return Tuning.of(
                pretrained,
                options.tuning(),
                context,
                new Interpolation(pretrained, options.alpha(), options.towards(), context));
    }
}
