package dev.perennial.method;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The classes that experiences have taught, in order; a name may come from several experiences and then stands there several times. */
public final class LearnedClasses {
    private final List<Entry> entries = new ArrayList<>();

    /**
     * A class of an experience.
     *
     * @param experience index of the experience
     * @param className as the experience calls it
     */
    public record Entry(int experience, String className) {}

    /** Appends the classes of an experience. */
    public void append(int experience, List<String> classNames) {
        classNames.forEach(name -> entries.add(new Entry(experience, name)));
    }

    /** Returns all entries in order, a view. */
    public List<Entry> entries() {
        return Collections.unmodifiableList(entries);
    }

    /** Returns the number of entries. */
    public int size() {
        return entries.size();
    }

    /**
     * Returns for each entry the candidate that it speaks for, if there is one.
     *
     * <p>All entries of a name speak for it where it is a candidate once. Where it is a candidate several times, which keeps the
     * classes of several data sets apart, its first place is that of the first experience that taught it, and so on.
     */
    public List<OptionalInt> places(List<String> candidates) {
        Map<String, List<Integer>> placesOfName = new HashMap<>();
        for (int i = 0; i < candidates.size(); i++) {
            placesOfName
                    .computeIfAbsent(candidates.get(i), _ -> new ArrayList<>())
                    .add(i);
        }
        Map<String, Integer> met = new HashMap<>();
        return entries.stream()
                .map(entry -> {
                    List<Integer> places = placesOfName.getOrDefault(entry.className(), List.of());
                    int turn = places.size() == 1 ? 0 : met.merge(entry.className(), 1, Integer::sum) - 1;
                    return turn < places.size() ? OptionalInt.of(places.get(turn)) : OptionalInt.empty();
                })
                .toList();
    }

    /** Returns the entries for a record of a method's state. */
    public ArrayNode save() {
        ArrayNode saved = JsonNodeFactory.instance.arrayNode();
        entries.forEach(
                entry -> saved.addObject().put("experience", entry.experience()).put("class", entry.className()));
        return saved;
    }

    /** Puts back what {@link #save} returned. */
    public void restore(JsonNode saved) {
        entries.clear();
        saved.forEach(entry -> entries.add(new Entry(
                entry.required("experience").asInt(), entry.required("class").asString())));
    }
}
