package dev.perennial.method.vocabulary;

import dev.perennial.clip.text.Merge;
import dev.perennial.clip.text.Vocabulary;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the new tokens of an extended vocabulary are made of: the old tokens that its merges put together. */
final class Pieces {
    private final Vocabulary before;
    private final Vocabulary after;
    /** The first merge that gives a token. */
    private final Map<String, Merge> origins = new HashMap<>();

    Pieces(Vocabulary before, Vocabulary after) {
        this.before = before;
        this.after = after;
        after.merges().forEach(merge -> origins.putIfAbsent(merge.joined(), merge));
    }

    /** Returns the ids of the old tokens in each new one, in the order of the new ids. */
    Stream<int[]> ofNewTokens() {
        return after.tokens().stream()
                .skip(before.size())
                .map(token -> ids(token).toArray());
    }

    private IntStream ids(String token) {
        var known = before.id(token);
        if (known.isPresent()) {
            return IntStream.of(known.getAsInt());
        }
        Merge origin = origins.get(token);
        if (origin == null) {
            throw new IllegalArgumentException("no merge gives the new token '" + token + "'");
        }
        return IntStream.concat(ids(origin.left()), ids(origin.right()));
    }
}
