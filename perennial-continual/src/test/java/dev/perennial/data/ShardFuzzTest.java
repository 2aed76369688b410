package dev.perennial.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Damage of any kind to a shard is a data-set error or a bad sample, never anything else. */
class ShardFuzzTest {
    private static final byte[] WHOLE = new Tar()
            .sample("a", 1, 0)
            .posixLongNames()
            .sample("folder/".repeat(20) + "b", 2, 1)
            .bytes();

    @Property(tries = 300)
    void damageIsNeverAnythingButADataError(@ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int changes)
            throws IOException {
        byte[] damaged = WHOLE.clone();
        var random = new Random(seed);
        for (int i = 0; i < changes; i++) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        Path shard = Files.write(Files.createTempFile("shard", ".tar"), damaged);
        var info = new DatasetInfo("strange", "", List.of("cat", "dog"), List.of(), List.of());
        try (Dataset dataset = WebDatasetReader.open(List.of(shard), info, ShardOptions.defaults())) {
            for (int i = 0; i < dataset.size(); i++) {
                assertThat(dataset.sample(i).label().getAsInt()).isBetween(0, 1);
            }
        } catch (DatasetException | BadSampleException e) {
            assertThat(e.getMessage()).isNotBlank().doesNotEndWith("null");
        } finally {
            Files.delete(shard);
        }
    }
}
