package dev.perennial.follow;

import java.util.List;

/**
 * A shard in the journal.
 *
 * @param file name of the file in the followed folder
 * @param sha256 of its bytes; a file with other bytes is another shard
 * @param bytes its size
 * @param name of its step in results
 * @param verdict what became of it
 * @param reasons why it was refused or set aside; empty otherwise
 * @param at when the verdict was given, in ISO 8601
 */
public record ShardEntry(
        String file, String sha256, long bytes, String name, Verdict verdict, List<String> reasons, String at) {
    private static final int SHOWN = 2;

    /** Keeps an unchangeable copy. */
    public ShardEntry {
        reasons = List.copyOf(reasons);
    }

    /** Returns the first reasons in one line. */
    public String why() {
        return String.join("; ", reasons.subList(0, Math.min(SHOWN, reasons.size())))
                + (reasons.size() > SHOWN ? "; and " + (reasons.size() - SHOWN) + " more" : "");
    }

    ShardEntry with(Verdict other, List<String> why, String when) {
        return new ShardEntry(file, sha256, bytes, name, other, why, when);
    }
}
