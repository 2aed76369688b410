package dev.perennial.train;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.method.Tower;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;

/**
 * The gradient of what is trained of a tower in a step.
 *
 * @param norm L2 norm before clipping, over what the step may move
 * @param angle to the optimizer's running mean of the gradients before this step, in degrees from 0 to 180; absent where there is none, as in
 *     the first step
 */
public record TowerGradient(double norm, OptionalDouble angle) {

    /** Measures the gradients of a step that was not taken yet, by tower; towers without a gradient are left out. */
    static Map<Tower, TowerGradient> of(AdamW optimizer, Function<String, Optional<Tower>> towers) {
        Map<Tower, Sums> sums = new EnumMap<>(Tower.class);
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            optimizer.forEachGradient((name, gradient, mean) -> towers.apply(name)
                    .ifPresent(tower ->
                            sums.computeIfAbsent(tower, _ -> new Sums()).add(gradient, mean)));
        }
        Map<Tower, TowerGradient> measured = new EnumMap<>(Tower.class);
        sums.forEach((tower, sum) -> measured.put(tower, sum.gradient()));
        return measured;
    }

    /** Products over all parameters of a tower. */
    private static final class Sums {
        private double gradients;
        private double means;
        private double both;

        void add(Tensor gradient, Optional<Tensor> mean) {
            gradients += product(gradient, gradient);
            mean.ifPresent(of -> {
                means += product(of, of);
                both += product(gradient, of);
            });
        }

        TowerGradient gradient() {
            double lengths = Math.sqrt(gradients) * Math.sqrt(means);
            return new TowerGradient(
                    Math.sqrt(gradients),
                    lengths > 0
                            ? OptionalDouble.of(Math.toDegrees(Math.acos(Math.clamp(both / lengths, -1, 1))))
                            : OptionalDouble.empty());
        }

        private static double product(Tensor one, Tensor other) {
            try (var _ = new TensorScope()) {
                return one.flatten().dot(other.flatten()).item_double();
            }
        }
    }
}
