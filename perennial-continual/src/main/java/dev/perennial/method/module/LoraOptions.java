package dev.perennial.method.module;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.perennial.clip.tower.Projection;
import dev.perennial.method.Ranges;
import dev.perennial.method.Tower;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Low-rank updates {@code W + alpha / rank B A} of projections in all blocks (Hu et al. 2021, arXiv 2106.09685).
 *
 * @param rank rows of A
 * @param alpha the update is scaled by {@code alpha / rank}; the rank if not stated, so by 1
 * @param on the projections; queries and values if not stated, as in the paper
 * @param towers both if not stated
 * @param packed whether queries, keys and values have one A together, as updates of a projection that computes all three have; false if not
 *     stated
 * @param start initial values; {@code zero} if not stated
 */
public record LoraOptions(
        int rank,
        OptionalDouble alpha,
        @JsonSetter(nulls = Nulls.AS_EMPTY) Set<Place> on,
        @JsonSetter(nulls = Nulls.AS_EMPTY) Set<Tower> towers,
        Optional<Boolean> packed,
        Optional<Start> start) {
    /** A projection of a block. */
    public enum Place {
        /** Queries. */
        @JsonProperty("q")
        Q(Projection.QUERY),
        /** Keys. */
        @JsonProperty("k")
        K(Projection.KEY),
        /** Values. */
        @JsonProperty("v")
        V(Projection.VALUE),
        /** Attention heads back to the residual stream. */
        @JsonProperty("out")
        OUT(Projection.OUT),
        /** Both layers of the MLP. */
        @JsonProperty("mlp")
        MLP(Projection.MLP_HIDDEN, Projection.MLP_OUT);

        private final List<Projection> projections;

        Place(Projection... projections) {
            this.projections = List.of(projections);
        }

        List<Projection> projections() {
            return projections;
        }
    }

    /** How updates begin. */
    public enum Start {
        /** B is 0, so that nothing is added yet. */
        @JsonProperty("zero")
        ZERO,
        /**
         * Both factors of queries, keys and values are drawn (Xavier), so that the model is perturbed before the first step, as in the
         * repository of SIT; those of other projections begin at zero.
         */
        @JsonProperty("perturbed")
        PERTURBED
    }

    /** Checks the ranges. */
    public LoraOptions {
        Ranges.atLeast("modules.lora.rank", 1, rank);
        Ranges.positive("modules.lora.alpha", alpha.orElse(1));
        on = on.isEmpty() ? EnumSet.of(Place.Q, Place.V) : EnumSet.copyOf(on);
        towers = Towers.orBoth(towers);
    }

    double scale() {
        return alpha.orElse(rank) / rank;
    }
}
