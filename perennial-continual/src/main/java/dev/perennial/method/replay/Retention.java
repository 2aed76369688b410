package dev.perennial.method.replay;

import dev.perennial.clip.tensor.RandomStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decides which of the samples that it is offered one by one a memory of fixed size keeps. It knows a sample by its group alone: a class
 * of an experience, or an experience of captions.
 */
final class Retention {
    private final ReplayProvider.Policy policy;
    private final int capacity;
    private final RandomStream random;
    /** The group of each occupied slot. */
    private final List<String> slots = new ArrayList<>();

    private final Map<String, Long> offered = new TreeMap<>();
    /** Groups that were the largest at some time; from then on they only lose samples to others. */
    private final Set<String> full = new TreeSet<>();

    private long offers;

    Retention(ReplayProvider.Policy policy, int capacity, RandomStream random) {
        this.policy = policy;
        this.capacity = capacity;
        this.random = random;
    }

    /** Returns the slot that the next sample takes, which may be the first free one; none if it is not kept. */
    OptionalInt offer(String group) {
        offers++;
        offered.merge(group, 1L, Long::sum);
        OptionalInt slot = slots.size() < capacity
                ? OptionalInt.of(slots.size())
                : switch (policy) {
                    case RESERVOIR -> smallEnough(random.nextLong(offers));
                    case CLASS_BALANCED -> balanced(group);
                };
        slot.ifPresent(place -> {
            if (place == slots.size()) {
                slots.add(group);
            } else {
                slots.set(place, group);
            }
        });
        return slot;
    }

    private OptionalInt smallEnough(long place) {
        return place < capacity ? OptionalInt.of((int) place) : OptionalInt.empty();
    }

    private OptionalInt balanced(String group) {
        Set<String> largest = largest();
        full.addAll(largest);
        if (!full.contains(group)) {
            return anyOf(largest);
        }
        long times = offered.getOrDefault(group, 1L);
        boolean kept = random.nextLong(times) < Collections.frequency(slots, group);
        return kept ? anyOf(Set.of(group)) : OptionalInt.empty();
    }

    private Set<String> largest() {
        Map<String, Integer> sizes = new TreeMap<>();
        slots.forEach(group -> sizes.merge(group, 1, Integer::sum));
        int most = Collections.max(sizes.values());
        sizes.values().removeIf(size -> size < most);
        return sizes.keySet();
    }

    private OptionalInt anyOf(Collection<String> groups) {
        int[] places = IntStream.range(0, slots.size())
                .filter(place -> groups.contains(slots.get(place)))
                .toArray();
        return OptionalInt.of(places[random.nextInt(places.length)]);
    }

    void save(ObjectNode record) {
        record.put("offers", offers);
        ObjectNode counts = record.putObject("offered");
        offered.forEach(counts::put);
        ArrayNode names = record.putArray("full");
        full.forEach(names::add);
    }

    /**
     * Puts back what was saved.
     *
     * @param groups of the slots
     */
    void restore(JsonNode record, List<String> groups) {
        slots.clear();
        slots.addAll(groups);
        offers = record.path("offers").asLong(0);
        offered.clear();
        record.path("offered").forEachEntry((group, count) -> offered.put(group, count.asLong()));
        full.clear();
        record.path("full").forEach(name -> full.add(name.asString()));
    }
}
