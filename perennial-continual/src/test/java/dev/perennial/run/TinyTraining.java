package dev.perennial.run;

import dev.perennial.train.TrainingConfig;

/** Short trainings in tests: small batches on one thread, no warm-up, no decay, no augmentation. */
public final class TinyTraining {
    private static final String DEFAULTS = """
            learning-rate: 1.0e-3
            warm-up: 0
            batch-size: 4
            accumulate: 1
            weight-decay: 0
            beta1: 0.9
            beta2: 0.999
            epsilon: 1.0e-8
            precision: float32
            augmentation: {flip: 0, brightness: 0, contrast: 0, saturation: 0}
            threads: 1
            max-bad-share: 0
            on-divergence: stop
            max-skipped: 1
            """;

    private TinyTraining() {}

    /** Returns a training that differs from this in some settings, such as {@code {steps: 4, cooldown: 2}}. */
    public static TrainingConfig of(String settings) {
        return Yaml.bind(
                "training",
                Yaml.merged(Yaml.parse("tiny training", DEFAULTS), Yaml.parse("training", settings)),
                TrainingConfig.class);
    }
}
