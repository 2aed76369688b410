package dev.perennial.method.rail;

import dev.perennial.clip.tensor.Tensors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What the columns of the regression stand for: the classes of each experience in turn, one column each, though an earlier experience
 * may have taught the same name.
 */
final class Columns {
    private final List<Column> columns = new ArrayList<>();

    private record Column(int experience, String className) {}

    /** Appends the classes of an experience. */
    void append(int experience, List<String> classNames) {
        classNames.forEach(name -> columns.add(new Column(experience, name)));
    }

    int size() {
        return columns.size();
    }

    /** Tells whether one of the first {@code solved} columns is of this experience. */
    boolean teaches(int experience, int solved) {
        return columns.stream().limit(solved).anyMatch(column -> column.experience() == experience);
    }

    /**
     * Says which of the first {@code solved} columns speak for which candidate: 1 where one does and 0 elsewhere,
     * {@code [solved, candidates]} in double precision.
     *
     * <p>A name that is a candidate once is spoken for by all its columns together: the regression is linear in its targets, so the
     * sum of columns is that of a regression that had them as one. Where it is a candidate several times, which keeps the classes
     * of several data sets apart, its first place is that of the first experience that taught it, and so on.
     */
    Tensor assignment(List<String> candidates, int solved) {
        Map<String, List<Integer>> places = new HashMap<>();
        for (int i = 0; i < candidates.size(); i++) {
            places.computeIfAbsent(candidates.get(i), _ -> new ArrayList<>()).add(i);
        }
        float[] assigned = new float[solved * candidates.size()];
        Map<String, Integer> met = new HashMap<>();
        for (int column = 0; column < solved; column++) {
            String name = columns.get(column).className();
            List<Integer> found = places.getOrDefault(name, List.of());
            int turn = met.merge(name, 1, Integer::sum) - 1;
            OptionalInt place = found.size() == 1
                    ? OptionalInt.of(found.getFirst())
                    : IntStream.range(turn, found.size())
                            .limit(1)
                            .map(found::get)
                            .findFirst();
            if (place.isPresent()) {
                assigned[column * candidates.size() + place.getAsInt()] = 1;
            }
        }
        return Tensors.of(assigned, solved, candidates.size());
    }

    ArrayNode save() {
        ArrayNode saved = JsonNodeFactory.instance.arrayNode();
        columns.forEach(column ->
                saved.addObject().put("experience", column.experience()).put("class", column.className()));
        return saved;
    }

    void restore(JsonNode saved) {
        columns.clear();
        saved.forEach(column -> columns.add(new Column(
                column.required("experience").asInt(), column.required("class").asString())));
    }
}
