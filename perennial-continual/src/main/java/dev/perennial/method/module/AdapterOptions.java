package dev.perennial.method.module;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.perennial.clip.tower.Branch;
import dev.perennial.method.Ranges;
import dev.perennial.method.Tower;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Bottleneck adapters {@code scale (relu(h D' + b) U' + c)} in all blocks.
 *
 * @param bottleneck hidden units
 * @param scale of what is added; 1 if not stated
 * @param dropout share of hidden units that are left out in training; 0 if not stated
 * @param on the sub-blocks; both if not stated
 * @param form where h comes from; {@code sequential} if not stated
 * @param shared whether both sub-blocks of a block have one adapter together; false if not stated
 * @param towers both if not stated
 */
public record AdapterOptions(
        int bottleneck,
        OptionalDouble scale,
        OptionalDouble dropout,
        @JsonSetter(nulls = Nulls.AS_EMPTY) Set<Place> on,
        Optional<Form> form,
        Optional<Boolean> shared,
        @JsonSetter(nulls = Nulls.AS_EMPTY) Set<Tower> towers) {
    /** A sub-block. */
    public enum Place {
        /** The multi-head attention. */
        @JsonProperty("attention")
        ATTENTION(Branch.Beside.ATTENTION),
        /** The MLP. */
        @JsonProperty("mlp")
        MLP(Branch.Beside.MLP);

        private final Branch.Beside beside;

        Place(Branch.Beside beside) {
            this.beside = beside;
        }

        Branch.Beside beside() {
            return beside;
        }
    }

    /** Where an adapter stands. */
    public enum Form {
        /** After the sub-block: h is its output (Houlsby et al. 2019, arXiv 1902.00751). */
        @JsonProperty("sequential")
        SEQUENTIAL,
        /** Beside the sub-block: h is its normalised input (He et al. 2022, arXiv 2110.04366). */
        @JsonProperty("parallel")
        PARALLEL
    }

    /** Checks the ranges. */
    public AdapterOptions {
        Ranges.atLeast("modules.adapter.bottleneck", 1, bottleneck);
        Ranges.positive("modules.adapter.scale", scale.orElse(1));
        if (!(dropout.orElse(0) >= 0 && dropout.orElse(0) < 1)) {
            throw new IllegalArgumentException(
                    "modules.adapter.dropout must be in [0, 1) but is " + dropout.getAsDouble());
        }
        on = on.isEmpty() ? EnumSet.allOf(Place.class) : EnumSet.copyOf(on);
        towers = Towers.orBoth(towers);
    }
}
