package dev.perennial.stream;

import dev.perennial.clip.tensor.MersenneTwister;
import dev.perennial.data.OneOrMore;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Finds the order in which named things come. */
final class Ordering {
    static final long DEFAULT_SEED = 42;

    private static final String LISTED = "listed";
    private static final String ALPHABETICAL = "alphabetical";
    private static final String RANDOM = "random";

    private Ordering() {}

    /** Returns the places of the names, counted from 0, in the order asked for. */
    static int[] of(Optional<OneOrMore> order, Map<String, OneOrMore> orders, OptionalLong seed, List<String> names) {
        List<String> wanted = order.map(OneOrMore::values).orElse(List.of(LISTED));
        if (wanted.size() > 1) {
            return explicit(wanted, names);
        }
        String word = wanted.getFirst();
        if (orders.containsKey(word)) {
            return explicit(orders.get(word).values(), names);
        }
        return switch (word) {
            case LISTED -> IntStream.range(0, names.size()).toArray();
            case ALPHABETICAL ->
                IntStream.range(0, names.size())
                        .boxed()
                        .sorted(Comparator.comparing(names::get))
                        .mapToInt(Integer::intValue)
                        .toArray();
            case RANDOM -> new MersenneTwister(seed.orElse(DEFAULT_SEED)).numpyPermutation(names.size());
            default -> {
                var known = new TreeSet<>(List.of(LISTED, ALPHABETICAL, RANDOM));
                known.addAll(orders.keySet());
                throw new IllegalArgumentException(
                        "there is no order '" + word + "'; choose one of " + known + " or list all names");
            }
        };
    }

    private static int[] explicit(List<String> items, List<String> names) {
        int[] places = items.stream().mapToInt(item -> place(item, names)).toArray();
        if (places.length != names.size() || Arrays.stream(places).distinct().count() < places.length) {
            throw new IllegalArgumentException(
                    "an order must name each of the " + names.size() + " once, but has " + places.length + " items, "
                            + Arrays.stream(places).distinct().count() + " of them different");
        }
        return places;
    }

    private static int place(String item, List<String> names) {
        int named = names.indexOf(item);
        if (named >= 0) {
            return named;
        }
        if (item.matches("\\d{1,9}") && Integer.parseInt(item) < names.size()) {
            return Integer.parseInt(item);
        }
        throw new IllegalArgumentException("the order names '" + item + "', which is none of " + shortened(names));
    }

    private static String shortened(List<String> names) {
        return names.size() <= 20 ? names.toString() : names.subList(0, 20) + " and " + (names.size() - 20) + " more";
    }
}
