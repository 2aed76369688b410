package dev.perennial.method.cllclip;

import dev.perennial.clip.text.Tokenizer;
import dev.perennial.method.MethodTable;
import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Keeps account of whose token rows each experience moved: a language none of whose rows moved is read bit for bit as before. */
final class MovedRows {
    /** Tokens of the table that are spelled out. */
    private static final int SHOWN = 200;

    private final SequencedMap<String, BitSet> tokensOf = new LinkedHashMap<>();
    private final List<Entry> entries = new ArrayList<>();

    /** Rows of an earlier language that an experience moved. */
    private record Entry(String after, String language, int tokens, int moved, List<Integer> ids) {}

    /**
     * Takes an experience in.
     *
     * @param moved tokens whose rows the optimizer moved
     * @param own the tokens of the languages that it taught
     * @param listed the language whose moved tokens are listed one by one
     */
    void add(String experience, BitSet moved, Map<String, BitSet> own, String listed) {
        tokensOf.forEach((language, tokens) -> {
            if (!own.containsKey(language)) {
                var touched = (BitSet) tokens.clone();
                touched.and(moved);
                List<Integer> ids =
                        language.equals(listed) ? touched.stream().boxed().toList() : List.of();
                entries.add(new Entry(experience, language, tokens.cardinality(), touched.cardinality(), ids));
            }
        });
        own.forEach((language, tokens) ->
                tokensOf.computeIfAbsent(language, _ -> new BitSet()).or(tokens));
    }

    /** Returns the account as a table. */
    MethodTable table(Tokenizer tokenizer) {
        List<List<String>> rows = entries.stream()
                .map(entry -> List.of(
                        entry.after(),
                        entry.language(),
                        String.valueOf(entry.tokens()),
                        String.valueOf(entry.moved()),
                        spelled(entry, tokenizer)))
                .toList();
        return new MethodTable(
                "Token rows of earlier languages that moved",
                "Only token embeddings are trained. A language none of whose rows moved is embedded bit for bit as before, as long as"
                        + " its texts are split as before.",
                List.of("while learning", "language", "its tokens", "rows moved", "which"),
                rows);
    }

    private static String spelled(Entry entry, Tokenizer tokenizer) {
        String tokens = entry.ids().stream()
                .limit(SHOWN)
                .map(id -> tokenizer.vocabulary().tokens().get(id))
                .collect(Collectors.joining(" "));
        int more = entry.ids().size() - SHOWN;
        return more > 0 ? tokens + " and " + more + " more" : tokens;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    void save(StateWriter state) {
        ObjectNode languages = state.record().putObject("tokens");
        tokensOf.forEach((language, tokens) -> {
            ArrayNode ids = languages.putArray(language);
            tokens.stream().forEach(ids::add);
        });
        ArrayNode saved = state.record().putArray("moved");
        for (Entry entry : entries) {
            ArrayNode ids = saved.addObject()
                    .put("after", entry.after())
                    .put("language", entry.language())
                    .put("tokens", entry.tokens())
                    .put("moved", entry.moved())
                    .putArray("ids");
            entry.ids().forEach(ids::add);
        }
    }

    void restore(StateReader state) {
        tokensOf.clear();
        entries.clear();
        state.record().path("tokens").forEachEntry((language, ids) -> {
            var tokens = new BitSet();
            ids.forEach(id -> tokens.set(id.asInt()));
            tokensOf.put(language, tokens);
        });
        state.record()
                .path("moved")
                .forEach(entry -> entries.add(new Entry(
                        entry.required("after").asString(),
                        entry.required("language").asString(),
                        entry.required("tokens").asInt(),
                        entry.required("moved").asInt(),
                        entry.required("ids")
                                .valueStream()
                                .map(id -> id.asInt())
                                .toList())));
    }
}
