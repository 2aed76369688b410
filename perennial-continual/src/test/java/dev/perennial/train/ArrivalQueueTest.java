package dev.perennial.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.stream.ArrivalSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ArrivalQueueTest {
    @Test
    void withoutAQueueWhatComesWhileTheLearnerIsBusyIsDropped() {
        ArrivalQueue queue = queue(10, 0, 30);
        assertThat(queue.take(4)).containsExactly(0, 1, 2, 3);
        queue.pass(0.5); // sample 3 came at 0.3 s; until 0.8 s come 4 to 8
        assertThat(queue.state().dropped()).isEqualTo(5);
        assertThat(queue.take(4)).containsExactly(9, 10, 11, 12);
    }

    @Test
    void samplesWaitUpToTheLimitInOrder() {
        ArrivalQueue queue = queue(10, 3, 30);
        queue.take(4);
        queue.pass(0.5);
        assertThat(queue.state().waiting()).containsExactly(4, 5, 6);
        assertThat(queue.state().dropped()).isEqualTo(2);
        assertThat(queue.take(4)).containsExactly(4, 5, 6, 9);
    }

    @Test
    void aLearnerThatIsFastEnoughGetsAll() {
        ArrivalQueue queue = queue(10, 0, 12);
        List<Integer> taken = new ArrayList<>();
        while (queue.next().isPresent()) {
            taken.addAll(queue.take(4));
            queue.pass(0.05);
        }
        assertThat(taken).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    }

    @Test
    void aBatchEndsWithItsSession() {
        ArrivalQueue queue = queue(10, 0, 6, 12);
        assertThat(queue.take(4)).containsExactly(0, 1, 2, 3);
        assertThat(queue.take(4)).containsExactly(4, 5);
        assertThat(queue.take(4)).containsExactly(6, 7, 8, 9);
    }

    @Property(tries = 300)
    void everySampleIsTakenOrDroppedOnceAndInOrder(
            @ForAll @DoubleRange(min = 0.5, max = 200) double rate,
            @ForAll @IntRange(max = 40) int limit,
            @ForAll @IntRange(min = 1, max = 400) int samples,
            @ForAll @IntRange(min = 1, max = 30) int batch,
            @ForAll List<@DoubleRange(min = 0, max = 3) Double> costs) {
        ArrivalQueue queue = queue(rate, limit, samples);
        List<Integer> taken = new ArrayList<>();
        for (int step = 0; queue.next().isPresent(); step++) {
            taken.addAll(queue.take(batch));
            queue.pass(costs.isEmpty() ? 0.1 : costs.get(step % costs.size()));
            ArrivalQueue.State state = queue.state();
            assertThat(state.taken() + state.dropped() + state.waiting().size()).isEqualTo(state.arrived());
            assertThat(state.waiting().size()).isLessThanOrEqualTo(limit);
            // A queue that goes on from its state does the same.
            queue = new ArrivalQueue(spec(rate, limit), List.of(samples), state);
        }
        assertThat(taken).doesNotHaveDuplicates().isSorted();
        assertThat(taken.size() + queue.state().dropped()).isEqualTo(samples);
    }

    private static ArrivalQueue queue(double rate, int limit, Integer... sessionEnds) {
        return new ArrivalQueue(spec(rate, limit), List.of(sessionEnds), ArrivalQueue.State.START);
    }

    private static ArrivalSpec spec(double rate, int limit) {
        return new ArrivalSpec(rate, OptionalInt.of(limit), Optional.empty());
    }
}
