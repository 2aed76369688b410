package dev.perennial.clip;

/**
 * One candidate label of an image.
 *
 * @param label the class name
 * @param probability softmax over all candidates, in {@code [0, 1]}
 */
public record Prediction(String label, double probability) {}
