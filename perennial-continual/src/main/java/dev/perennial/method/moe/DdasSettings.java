package dev.perennial.method.moe;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.perennial.data.DatasetSpec;
import dev.perennial.method.Ranges;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How it is decided whose experts an image is for.
 *
 * @param features what the autoencoders see
 * @param reference images of no task, for an autoencoder that takes what is unlike all tasks; only the thresholds do where there are
 *     none
 * @param autoencoders how they are trained
 * @param threshold the error above which an image is of no task
 * @param vote who decides
 */
public record DdasSettings(
        Features features, Optional<DatasetSpec> reference, Autoencoders autoencoders, Threshold threshold, Vote vote) {
    /**
     * What the autoencoders see.
     *
     * @param depth share of the blocks of the image tower that are run for it, in {@code [0, 1]}
     * @param alexnet file of torchvision's AlexNet, which is looked through in place of the image tower; relative to where the program was
     *     started
     */
    public record Features(double depth, Optional<Path> alexnet) {
        /** Checks the range. */
        public Features {
            Ranges.share("ddas.features.depth", depth);
        }
    }

    /**
     * How autoencoders are trained.
     *
     * @param code width of the hidden layer
     * @param images largest number of images of a task that are looked at
     * @param steps for a task
     * @param referenceSteps for the reference
     * @param batchSize of a step
     * @param learningRate at the start; a tenth of it after ten passes over the images
     * @param weightDecay part of the gradient, as in plain Adam
     */
    public record Autoencoders(
            int code,
            int images,
            int steps,
            int referenceSteps,
            int batchSize,
            double learningRate,
            double weightDecay) {
        /** Checks the ranges. */
        public Autoencoders {
            Ranges.atLeast("ddas.autoencoders.code", 1, code);
            Ranges.atLeast("ddas.autoencoders.images", 1, images);
            Ranges.atLeast("ddas.autoencoders.steps", 1, steps);
            Ranges.atLeast("ddas.autoencoders.reference-steps", 1, referenceSteps);
            Ranges.atLeast("ddas.autoencoders.batch-size", 1, batchSize);
            Ranges.positive("ddas.autoencoders.learning-rate", learningRate);
            Ranges.notNegative("ddas.autoencoders.weight-decay", weightDecay);
        }
    }

    /**
     * The error above which an image is of no task.
     *
     * @param rule which of the two holds
     * @param quantile of a task's own errors at the end of its training, in {@code [0, 1]}
     * @param value one number for all tasks
     */
    public record Threshold(Rule rule, double quantile, double value) {
        /** Checks the ranges. */
        public Threshold {
            Ranges.share("ddas.threshold.quantile", quantile);
            Ranges.notNegative("ddas.threshold.value", value);
        }
    }

    /** The rules for thresholds. */
    public enum Rule {
        /** Each task has its own, a quantile of its errors. */
        @JsonProperty("calibrated")
        CALIBRATED,
        /** One for all tasks. */
        @JsonProperty("fixed")
        FIXED
    }

    /** Who decides. */
    public enum Vote {
        /** Each image alone. */
        @JsonProperty("sample")
        SAMPLE,
        /** All images of a batch together, by their mean errors: only right where a batch is of one data set. */
        @JsonProperty("batch")
        BATCH
    }
}
