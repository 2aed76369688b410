package dev.perennial.data;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The draw of a few samples of every class. */
final class FewShot {
    private FewShot() {}

    static int[] positions(int[] labels, int classes, int perClass, RandomGenerator random) {
        if (classes == 0) {
            throw new IllegalArgumentException("few-shot selection needs a labelled data set");
        }
        if (perClass < 1) {
            throw new IllegalArgumentException("samples per class must be at least 1 but is " + perClass);
        }
        List<IntStream.Builder> ofClass =
                Stream.generate(IntStream::builder).limit(classes).toList();
        for (int position = 0; position < labels.length; position++) {
            if (labels[position] >= 0 && labels[position] < classes) {
                ofClass.get(labels[position]).add(position);
            }
        }
        return ofClass.stream()
                .map(positions -> positions.build().toArray())
                .flatMapToInt(positions -> draw(positions, perClass, random))
                .sorted()
                .toArray();
    }

    private static IntStream draw(int[] positions, int count, RandomGenerator random) {
        int drawn = Math.min(count, positions.length);
        for (int i = 0; i < drawn; i++) {
            int j = random.nextInt(i, positions.length);
            int swapped = positions[i];
            positions[i] = positions[j];
            positions[j] = swapped;
        }
        return Arrays.stream(positions, 0, drawn);
    }
}
