package dev.perennial.pretrain.distill;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Teachers of a pretraining.
 *
 * @param image a model of images; absent for none
 * @param text a model of texts; absent for none
 */
public record DistillationConfig(Optional<ImageModel> image, Optional<TextModel> text) {
    /** Checks that there is a teacher. */
    public DistillationConfig {
        if (image.isEmpty() && text.isEmpty()) {
            throw new IllegalArgumentException("distillation names no teacher; set image or text, or leave it out");
        }
    }

    /**
     * A model of images.
     *
     * @param model ONNX file
     * @param imageSize side of the square that it takes, in pixels
     * @param mean subtracted from values in 0 to 1, of every channel
     * @param std divides after the mean is subtracted
     * @param features an output that the student's embedding must be able to tell
     * @param labels an output of class scores that the student imitates over the classes' names
     */
    public record ImageModel(
            Path model, int imageSize, double mean, double std, Optional<Features> features, Optional<Labels> labels) {
        /** Checks that something is learned from it. */
        public ImageModel {
            if (features.isEmpty() && labels.isEmpty()) {
                throw new IllegalArgumentException("distillation.image needs features, labels or both");
            }
        }
    }

    /**
     * An output of features.
     *
     * @param output its name
     * @param weight factor on its loss
     */
    public record Features(String output, double weight) {
        /** Checks the range. */
        public Features {
            requirePositive("features.weight", weight);
        }
    }

    /**
     * An output of class scores.
     *
     * @param output its name
     * @param first index of the first class in the output; those before it are left out
     * @param classes text file with one class name a line, in the order of the output
     * @param templates prompts for a class name, one is drawn for each step
     * @param sample classes compared in a step: the most probable one of each image, and others by chance
     * @param temperature of the teacher's softmax
     * @param weight factor on its loss
     */
    public record Labels(
            String output,
            int first,
            Path classes,
            List<String> templates,
            int sample,
            double temperature,
            double weight) {
        /** Checks the ranges. */
        public Labels {
            templates = List.copyOf(templates);
            requirePositive("labels.weight", weight);
            requirePositive("labels.temperature", temperature);
            if (first < 0 || sample < 1 || templates.isEmpty()) {
                throw new IllegalArgumentException(
                        "labels needs first of at least 0, sample of at least 1 and a template");
            }
        }
    }

    /**
     * A model of texts.
     *
     * @param model its name
     * @param weight factor on its loss
     * @param words single words, drawn from CLIP's vocabulary, that the student hears of in a step beside its own texts
     */
    public record TextModel(String model, double weight, int words) {
        /** Checks the ranges. */
        public TextModel {
            requirePositive("text.weight", weight);
            if (words < 0) {
                throw new IllegalArgumentException("text.words must be at least 0 but is " + words);
            }
        }
    }

    private static void requirePositive(String name, double value) {
        if (!(value > 0)) {
            throw new IllegalArgumentException("distillation." + name + " must be positive but is " + value);
        }
    }
}
