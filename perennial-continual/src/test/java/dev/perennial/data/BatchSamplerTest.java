package dev.perennial.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.data.BatchSampler.IndexBatch;
import dev.perennial.data.BatchSampler.Position;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BatchSamplerTest {
    private static List<List<Integer>> batches(BatchSampler sampler, Position from, int most) {
        var batches = new ArrayList<List<Integer>>();
        Iterator<IndexBatch> iterator = sampler.batches(from);
        while (batches.size() < most && iterator.hasNext()) {
            batches.add(IntStream.of(iterator.next().samples()).boxed().toList());
        }
        return batches;
    }

    @Test
    void sequentialIsOneEpochInOrderWithASmallerLastBatch() {
        var sampler = BatchSampler.sequential(5, 2);

        assertThat(batches(sampler, sampler.start(), 99)).containsExactly(List.of(0, 1), List.of(2, 3), List.of(4));
        assertThat(batches(sampler.dropLast(), sampler.start(), 99)).containsExactly(List.of(0, 1), List.of(2, 3));
        assertThat(sampler.batchesPerEpoch()).isEqualTo(3);
        assertThat(sampler.dropLast().batchesPerEpoch()).isEqualTo(2);
    }

    @Test
    void givenOrdersMayRepeatSamples() {
        var sampler = BatchSampler.ordered(new int[] {3, 3, 0}, 2).epochs(2);

        assertThat(batches(sampler, sampler.start(), 99))
                .containsExactly(List.of(3, 3), List.of(0), List.of(3, 3), List.of(0));
    }

    @Test
    void everyShuffledEpochHoldsEverySampleOnceInANewOrder() {
        var sampler = BatchSampler.shuffled(50, 50, 7);

        List<List<Integer>> epochs = batches(sampler, sampler.start(), 3);

        assertThat(epochs)
                .doesNotHaveDuplicates()
                .allSatisfy(epoch -> assertThat(epoch)
                        .containsExactlyInAnyOrderElementsOf(
                                IntStream.range(0, 50).boxed().toList()));
        assertThat(batches(BatchSampler.shuffled(50, 50, 7), sampler.start(), 3))
                .isEqualTo(epochs);
        assertThat(batches(
                        BatchSampler.shuffled(50, 50, 8),
                        BatchSampler.shuffled(50, 50, 8).start(),
                        3))
                .isNotEqualTo(epochs);
    }

    @Property(tries = 200)
    void continuesFromAnyPlaceAsIfNeverStopped(
            @ForAll @IntRange(min = 1, max = 12) int size,
            @ForAll @IntRange(min = 1, max = 12) int batchSize,
            @ForAll @IntRange(min = 0, max = 10) int stopAfter,
            @ForAll long seed) {
        var sampler = BatchSampler.shuffled(size, batchSize, seed);
        Position stop = sampler.start();
        Iterator<IndexBatch> iterator = sampler.batches(stop);
        for (int i = 0; i < stopAfter; i++) {
            stop = iterator.next().next();
        }
        List<List<Integer>> rest = batches(sampler, stop, 8);
        assertThat(batches(sampler, sampler.start(), stopAfter + 8).subList(stopAfter, stopAfter + 8))
                .isEqualTo(rest);
    }

    @Test
    void refusesWhatCouldNeverGiveABatch() {
        assertThatThrownBy(() -> BatchSampler.shuffled(3, 4, 0).dropLast())
                .hasMessageContaining("no batch of 4 can be made of 3 samples");
        assertThatThrownBy(() -> BatchSampler.shuffled(3, 0, 0)).hasMessageContaining("batch size");
        assertThatThrownBy(() -> BatchSampler.shuffled(3, 1, 0).batches(new Position(0, 3, 0)))
                .hasMessageContaining("the data have changed");
        var empty = BatchSampler.shuffled(0, 4, 0);
        assertThat(empty.batches(empty.start()).hasNext()).isFalse();
    }
}
