package dev.perennial.follow;

import dev.perennial.clip.checkpoint.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What became of every shard that was met, in order. The file {@code follow.json} is replaced as a whole, and forced to the disk, at
 * each decision: a shard counts as learned when the journal says so and not before.
 *
 * @param format version of this record
 * @param entries shards in the order in which they were met
 * @param measured what was measured of the promoted steps, in the form of the run; absent before the first step
 */
public record Journal(int format, List<ShardEntry> entries, Optional<JsonNode> measured) {
    /** The name of the file in a run folder. */
    public static final String FILE = "follow.json";

    /** The journal of a run that has met no shard. */
    public static final Journal EMPTY = new Journal(1, List.of(), Optional.empty());

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    /** Keeps an unchangeable copy and checks the version. */
    public Journal {
        entries = List.copyOf(entries);
        if (format != 1) {
            throw new IllegalArgumentException("it is of format " + format + ", this version reads 1");
        }
    }

    /** Returns whether a run follows a folder. */
    public static boolean isIn(Path runFolder) {
        return Files.exists(runFolder.resolve(FILE));
    }

    /**
     * Reads the journal of a run.
     *
     * @throws IllegalArgumentException if it is missing or cannot be understood
     */
    public static Journal read(Path runFolder) {
        Path file = runFolder.resolve(FILE);
        try {
            return JSON.readValue(Files.readString(file), Journal.class);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + ": cannot be read (" + DurableFile.reason(e)
                    + "); without it nobody knows which model of the run is current");
        } catch (JacksonException e) {
            throw new IllegalArgumentException(file + ": damaged (" + e.getOriginalMessage()
                    + "); without it nobody knows which model of the run is current; put a copy of it back");
        }
    }

    /** Writes the journal; when this returns, it survives a crash. */
    public void write(Path runFolder) {
        DurableFile.write(
                runFolder.resolve(FILE), (JSON.writeValueAsString(this) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the shards with a verdict, in order. */
    public List<ShardEntry> with(Verdict verdict) {
        return entries.stream().filter(entry -> entry.verdict() == verdict).toList();
    }

    /** Returns the shard that is being learned. */
    public Optional<ShardEntry> pending() {
        return with(Verdict.LEARNING).stream().findFirst();
    }

    /** Returns the number of shards that were learned, whatever came of it. */
    public int learned() {
        return with(Verdict.PROMOTED).size() + with(Verdict.REFUSED).size();
    }

    /** Returns the last shard of these bytes that was met. */
    public Optional<ShardEntry> known(String sha256) {
        return entries.reversed().stream()
                .filter(entry -> entry.sha256().equals(sha256))
                .findFirst();
    }

    /** Returns the journal with a further shard. */
    public Journal met(ShardEntry entry) {
        return new Journal(
                format, Stream.concat(entries.stream(), Stream.of(entry)).toList(), measured);
    }

    /** Returns the journal after the verdict on the shard that is being learned. */
    public Journal decided(Verdict verdict, List<String> reasons, Optional<JsonNode> nowMeasured) {
        int place = entries.indexOf(pending().orElseThrow());
        List<ShardEntry> changed = new ArrayList<>(entries);
        changed.set(place, entries.get(place).with(verdict, reasons, now()));
        return new Journal(format, changed, nowMeasured);
    }

    /**
     * Returns the journal as if only so many steps had been promoted: the later ones are to be learned again, in the same order.
     *
     * @param keptMeasured what was measured of those that are left
     */
    public Journal rewound(int promoted, Optional<JsonNode> keptMeasured) {
        List<ShardEntry> lost = with(Verdict.PROMOTED).stream().skip(promoted).toList();
        return new Journal(
                format,
                entries.stream()
                        .map(entry ->
                                lost.contains(entry) ? entry.with(Verdict.LEARNING, List.of(), entry.at()) : entry)
                        .toList(),
                keptMeasured);
    }

    /** Returns the place of a shard in the journal, counted from 1. */
    public int number(ShardEntry entry) {
        return 1
                + IntStream.range(0, entries.size())
                        .filter(i -> entries.get(i).equals(entry))
                        .findFirst()
                        .orElseThrow();
    }

    /** Returns the present time as journals write it. */
    public static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
