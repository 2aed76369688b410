package dev.perennial.data;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

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
        return IntStream.range(0, classes)
                .mapToObj(label -> IntStream.range(0, labels.length)
                        .filter(position -> labels[position] == label)
                        .toArray())
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
