package dev.perennial.clip.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MersenneTwisterTest {
    @Test
    void permutationsAreThoseOfPyTorch() {
        assertThat(new MersenneTwister(42).torchPermutation(10)).containsExactly(2, 6, 1, 8, 4, 5, 0, 9, 3, 7);
        assertThat(new MersenneTwister(0).torchPermutation(10)).containsExactly(4, 1, 7, 5, 3, 9, 0, 8, 6, 2);
        assertThat(new MersenneTwister(42).torchPermutation(27_000))
                .startsWith(4542, 1781, 1366, 19963, 16858, 17590, 13132, 7700);
        assertThat(new MersenneTwister(42).torchPermutation(8_677)).startsWith(8512, 5748, 7753, 4345, 5587, 2508);
        assertThat(new MersenneTwister(42).torchPermutation(108_754)).startsWith(57128, 82947, 84286, 54173);
    }

    @Test
    void permutationsAreThoseOfNumpy() {
        // numpy.random.RandomState(seed).permutation(size)
        assertThat(new MersenneTwister(42).numpyPermutation(10)).containsExactly(8, 1, 5, 0, 7, 2, 9, 4, 3, 6);
        assertThat(new MersenneTwister(1993).numpyPermutation(100)).startsWith(68, 56, 78, 8, 23, 84, 90, 65, 74, 76);
    }

    @Property
    void aPermutationHoldsEveryNumberOnce(@ForAll long seed, @ForAll @IntRange(max = 700) int size) {
        int[] all = IntStream.range(0, size).toArray();
        assertThat(Arrays.stream(new MersenneTwister(seed).torchPermutation(size))
                        .sorted())
                .containsExactly(Arrays.stream(all).boxed().toArray(Integer[]::new));
        assertThat(Arrays.stream(new MersenneTwister(seed).numpyPermutation(size))
                        .sorted())
                .containsExactly(Arrays.stream(all).boxed().toArray(Integer[]::new));
    }
}
