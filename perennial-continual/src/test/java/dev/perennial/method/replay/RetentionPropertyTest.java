package dev.perennial.method.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.method.replay.ReplayProvider.Policy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class RetentionPropertyTest {
    @Property(tries = 30)
    void aReservoirKeepsEverySampleEquallyOften(
            @ForAll @IntRange(min = 1, max = 8) int capacity,
            @ForAll @IntRange(min = 0, max = 20) int more,
            @ForAll long seed) {
        int offers = capacity + more;
        int runs = 3000;
        int[] kept = new int[offers];
        RandomStream random = new RandomStream(seed);
        for (int run = 0; run < runs; run++) {
            for (int sample :
                    contents(new Retention(Policy.RESERVOIR, capacity, random), Collections.nCopies(offers, "any"))) {
                kept[sample]++;
            }
        }
        double share = (double) capacity / offers;
        // Five standard deviations of a binomial count: wrong once in a million.
        double bound = 5 * Math.sqrt(runs * share * (1 - share)) + 1e-9;
        for (int count : kept) {
            assertThat(Math.abs(count - runs * share)).isLessThanOrEqualTo(bound);
        }
    }

    @Property(tries = 300)
    void classesShareTheRoomAsEquallyAsTheirSizesAllow(
            @ForAll @Size(min = 1, max = 7) List<@IntRange(min = 1, max = 30) Integer> sizes,
            @ForAll @IntRange(min = 7, max = 40) int capacity,
            @ForAll boolean shuffled,
            @ForAll long seed) {
        List<String> offers = new ArrayList<>();
        for (int group = 0; group < sizes.size(); group++) {
            offers.addAll(Collections.nCopies(sizes.get(group), "class " + group));
        }
        if (shuffled) {
            Collections.shuffle(offers, new Random(seed));
        }
        var retention = new Retention(Policy.CLASS_BALANCED, capacity, new RandomStream(seed));
        Map<String, Integer> kept = new TreeMap<>();
        for (int sample : contents(retention, offers)) {
            kept.merge(offers.get(sample), 1, Integer::sum);
        }
        assertThat(kept.values().stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(Math.min(capacity, offers.size()));
        int largest = Collections.max(kept.values());
        for (int group = 0; group < sizes.size(); group++) {
            int own = kept.getOrDefault("class " + group, 0);
            assertThat(own == sizes.get(group) || own >= largest - 1)
                    .as("class %d has %d of %d, the largest %d", group, own, sizes.get(group), largest)
                    .isTrue();
        }
    }

    @Property(tries = 100)
    void aRestoredRetentionDecidesAsTheSavedOne(
            @ForAll @Size(max = 40) List<@IntRange(min = 0, max = 4) Integer> before,
            @ForAll @Size(max = 40) List<@IntRange(min = 0, max = 4) Integer> after,
            @ForAll Policy policy,
            @ForAll long seed) {
        var random = new RandomStream(seed);
        var saved = new Retention(policy, 6, random);
        List<String> slots = new ArrayList<>();
        before.forEach(group -> place(saved, slots, String.valueOf(group)));
        ObjectNode record = JsonNodeFactory.instance.objectNode();
        saved.save(record);
        var restored = new Retention(policy, 6, new RandomStream(random.state()));
        restored.restore(record, slots);
        for (int group : after) {
            assertThat(restored.offer(String.valueOf(group))).isEqualTo(saved.offer(String.valueOf(group)));
        }
    }

    private static void place(Retention retention, List<String> slots, String group) {
        retention.offer(group).ifPresent(slot -> {
            if (slot == slots.size()) {
                slots.add(group);
            } else {
                slots.set(slot, group);
            }
        });
    }

    /** Returns which of the offered samples are kept in the end. */
    private static int[] contents(Retention retention, List<String> offers) {
        int[] slots = new int[offers.size()];
        Arrays.fill(slots, -1);
        for (int sample = 0; sample < offers.size(); sample++) {
            OptionalInt slot = retention.offer(offers.get(sample));
            if (slot.isPresent()) {
                slots[slot.getAsInt()] = sample;
            }
        }
        return Arrays.stream(slots).filter(sample -> sample >= 0).toArray();
    }
}
