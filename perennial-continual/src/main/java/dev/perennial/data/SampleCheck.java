package dev.perennial.data;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Looks at every sample of a data set before it is used. */
public final class SampleCheck {
    private SampleCheck() {}

    /** Reads and decodes all samples and returns those that cannot be used, in order. */
    public static List<BadSample> badSamples(Dataset dataset) {
        return IntStream.range(0, dataset.size())
                .parallel()
                .mapToObj(position -> SampleLoading.load(dataset, position, image -> image.width()))
                .flatMap(outcome -> switch (outcome) {
                    case SampleLoading.Bad<Integer>(BadSample sample) -> Stream.of(sample);
                    case SampleLoading.Good<Integer> _ -> Stream.empty();
                })
                .toList();
    }
}
