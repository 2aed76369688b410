package dev.perennial.follow;

import dev.perennial.data.ContentHash;
import dev.perennial.data.ShardEnd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder in which shards appear. It is looked through again and again, since network file systems tell nobody of changes.
 *
 * <p>A file counts as a shard when its name is {@code *.tar}, {@code *.tar.gz} or {@code *.tgz} and does not begin with a dot. It is
 * whole when size and time of change were the same at two looks and the end mark of the tar is there. One that stays without end mark
 * for the patience given to it is damaged.
 */
public final class Inbox {
    private static final Pattern SHARD = Pattern.compile("[^.].*\\.(tar|tar\\.gz|tgz)");

    private final Path folder;
    private final Duration patience;
    private final LongSupplier nanos;
    private final Map<String, Seen> seen = new HashMap<>();
    private boolean settled;

    /** A file as it was at a look; {@code returned} if it was an arrival already. */
    private record Seen(Stamp stamp, long since, boolean returned) {}

    private record Stamp(long size, long changed) {}

    /** Creates the inbox. */
    public Inbox(Path folder, Duration patience) {
        this(folder, patience, System::nanoTime);
    }

    Inbox(Path folder, Duration patience, LongSupplier nanos) {
        this.folder = folder;
        this.patience = patience;
        this.nanos = nanos;
    }

    /**
     * Looks once and returns the shards that have stopped changing since the last look, in order of name; each is returned once, and
     * again if it changes.
     *
     * @throws UncheckedIOException if the folder cannot be listed
     */
    public List<Arrival> look() {
        settled = true;
        List<Arrival> arrivals = new ArrayList<>();
        for (String name : names()) {
            stamp(name).flatMap(stamp -> arrival(name, stamp)).ifPresent(arrivals::add);
        }
        return arrivals;
    }

    /** Returns whether all files were at the last look as they had been at the one before, so that a further look may find nothing. */
    public boolean isSettled() {
        return settled;
    }

    private Optional<Arrival> arrival(String name, Stamp stamp) {
        Seen before = seen.get(name);
        if (before == null || !before.stamp().equals(stamp)) {
            seen.put(name, new Seen(stamp, nanos.getAsLong(), false));
            settled = false;
            return Optional.empty();
        }
        if (before.returned()) {
            return Optional.empty();
        }
        Path file = folder.resolve(name);
        Optional<String> damage = ShardEnd.missing(file);
        if (damage.isPresent() && nanos.getAsLong() - before.since() < patience.toNanos()) {
            return Optional.empty();
        }
        String hash = ContentHash.ofFile(file);
        if (!stamp(name).equals(Optional.of(stamp))) {
            settled = false;
            return Optional.empty();
        }
        seen.put(name, new Seen(stamp, before.since(), true));
        return Optional.of(new Arrival(file, hash, stamp.size(), damage));
    }

    private List<String> names() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> SHARD.matcher(name).matches())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    folder + ": the followed folder cannot be listed; check that it is there and mounted", e);
        }
    }

    private Optional<Stamp> stamp(String name) {
        try {
            var attributes = Files.readAttributes(folder.resolve(name), BasicFileAttributes.class);
            return attributes.isRegularFile()
                    ? Optional.of(new Stamp(
                            attributes.size(), attributes.lastModifiedTime().toMillis()))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            // It was taken away between the listing and now.
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(folder.resolve(name) + ": cannot be read", e);
        }
    }
}
