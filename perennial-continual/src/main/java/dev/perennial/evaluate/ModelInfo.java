package dev.perennial.evaluate;

/**
 * The pretrained model that a run started from.
 *
 * @param name the name or folder it was given by
 * @param sha256 the hash of its weights, in hexadecimal
 */
public record ModelInfo(String name, String sha256) {}
