package dev.perennial.evaluate;

import java.util.List;

/**
 * One test picture and what the model took it for as the stream went on.
 *
 * @param dataSet the data set it belongs to
 * @param key its key in the data set
 * @param trueClass the name of its true class
 * @param thumbnail a small picture of it
 * @param predictions what it was taken for, in the order of the stream; before the first experience as {@code zero-shot}
 */
public record PredictionSample(
        String dataSet, String key, String trueClass, Thumbnail thumbnail, List<Prediction> predictions) {
    /** Keeps a copy and checks that there is a prediction. */
    public PredictionSample {
        predictions = List.copyOf(predictions);
        if (predictions.isEmpty()) {
            throw new IllegalArgumentException("sample '" + key + "' of '" + dataSet + "' has no prediction");
        }
    }

    /**
     * What the model took a picture for at one point of the stream.
     *
     * @param after the experience before it, or {@code zero-shot}
     * @param predictedClass the name of the class
     * @param probability its probability, 0 to 1
     */
    public record Prediction(String after, String predictedClass, double probability) {
        /** Checks the probability. */
        public Prediction {
            if (!(probability >= 0 && probability <= 1)) {
                throw new IllegalArgumentException("the probability of '" + predictedClass + "' is " + probability);
            }
        }
    }
}
