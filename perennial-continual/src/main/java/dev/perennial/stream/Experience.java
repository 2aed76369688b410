package dev.perennial.stream;

import dev.perennial.data.Dataset;

/**
 * One step of a stream: data that arrive together and are then gone.
 *
 * @param index position in the stream, counted from 0
 * @param name what it is called in results
 * @param train what is learned
 * @param supervision what tells the meaning of its images
 */
public record Experience(int index, String name, Dataset train, Supervision supervision) {}
