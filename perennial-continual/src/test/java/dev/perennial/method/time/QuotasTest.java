package dev.perennial.method.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class QuotasTest {
    /** The published memory: twice the data of a step, 12 samples. */
    private static final long MEMORY = 24;

    private static long[] steps(int count) {
        return LongStream.generate(() -> 12).limit(count).toArray();
    }

    @Test
    void everythingIsKeptWhileItFits() {
        for (int earlier : new int[] {1, 2}) {
            assertThat(Quotas.equal(MEMORY, steps(earlier))).isEqualTo(steps(earlier));
            assertThat(Quotas.exponential(MEMORY, steps(earlier))).isEqualTo(steps(earlier));
        }
    }

    @Test
    void earlierStepsShareEvenly() {
        assertThat(Quotas.equal(MEMORY, steps(3))).containsExactly(8, 8, 8);
        assertThat(Quotas.equal(MEMORY, steps(6))).containsExactly(4, 4, 4, 4, 4, 4);
        assertThat(Quotas.equal(10, new long[] {12, 1, 12})).containsExactly(5, 1, 4);
    }

    @Test
    void newerStepsGetMore() {
        assertThat(Quotas.exponential(MEMORY, steps(3))).containsExactly(12, 6, 6);
        assertThat(Quotas.exponential(MEMORY, steps(4))).containsExactly(12, 6, 3, 3);
        assertThat(Quotas.exponential(MEMORY, steps(6))).containsExactly(12, 6, 3, 1, 1, 1);
    }

    @Property
    void quotasAddUpToTheMemoryAndNoneExceedsWhatIsStored(
            @ForAll @LongRange(max = 10_000) long memory,
            @ForAll @Size(max = 80) List<@LongRange(max = 500) Long> stored) {
        long[] sizes = stored.stream().mapToLong(Long::longValue).toArray();
        long all = LongStream.of(sizes).sum();
        for (long[] quotas : new long[][] {Quotas.equal(memory, sizes), Quotas.exponential(memory, sizes)}) {
            assertThat(LongStream.of(quotas).sum()).isEqualTo(Math.min(memory, all));
            for (int k = 0; k < quotas.length; k++) {
                assertThat(quotas[k]).isBetween(0L, sizes[k]);
            }
        }
    }
}
