package dev.perennial.run;

import dev.perennial.evaluate.RunResults;
import dev.perennial.follow.Journal;
import dev.perennial.follow.ShardEntry;
import dev.perennial.follow.Verdict;
import dev.perennial.method.MethodTable;
import java.util.ArrayList;
import java.util.List;

/** What became of every shard of a followed folder, as a table of the report. */
final class FollowTable {
    private static final String TITLE = "Shards of the followed folder";

    private FollowTable() {}

    /** Returns results with the table of a journal in place of an earlier one. */
    static RunResults in(RunResults results, Journal journal) {
        List<MethodTable> tables = new ArrayList<>(List.of(of(journal)));
        results.tables().stream().filter(table -> !table.title().equals(TITLE)).forEach(tables::add);
        return new RunResults(
                results.summary(),
                results.matrix(),
                results.samples(),
                results.alignment(),
                results.diagnosis(),
                results.anytime(),
                results.further(),
                tables);
    }

    private static MethodTable of(Journal journal) {
        return new MethodTable(
                TITLE,
                "A promoted shard's model became the current one. A refused one's failed a gate: the model before it stayed current,"
                        + " and the next shard was learned on top of that. A shard that was set aside was not learned.",
                List.of("shard", "verdict", "when", "why"),
                journal.entries().stream().map(FollowTable::row).toList());
    }

    private static List<String> row(ShardEntry entry) {
        return List.of(
                entry.file(),
                entry.verdict().word(),
                entry.verdict() == Verdict.LEARNING ? "" : entry.at(),
                entry.why());
    }
}
