package dev.perennial.train.checkpoint;

import dev.perennial.clip.checkpoint.Disk;
import dev.perennial.clip.checkpoint.DurableFile;
import dev.perennial.clip.checkpoint.Safetensors;
import dev.perennial.clip.checkpoint.StoredTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The checkpoints of a run, one folder each.
 *
 * <p>A checkpoint is written under a hidden temporary name, forced to the disk with a manifest of hashes, renamed, and the folder
 * forced: whoever looks sees it whole or not at all. What cannot be finished leaves the checkpoints before it as they are.
 */
public final class CheckpointStore {
    private final Path folder;
    private final Disk disk;

    /** Opens the checkpoints of a folder, which need not be there yet. */
    public CheckpointStore(Path folder) {
        this(folder, Disk.SYSTEM);
    }

    /** Opens the checkpoints of a folder that is written by way of {@code disk}. */
    public CheckpointStore(Path folder, Disk disk) {
        this.folder = folder;
        this.disk = disk;
    }

    /**
     * What a checkpoint holds.
     *
     * @param tensors by the name of their file, without extension
     * @param record everything else
     */
    public record Content(Map<String, Collection<StoredTensor>> tensors, JsonNode record) {}

    /**
     * Commits a checkpoint; when this returns, it survives a crash.
     *
     * @throws dev.perennial.train.DivergenceException if a tensor is not finite; nothing is written then
     * @throws UncheckedIOException if it cannot be written
     */
    public Path commit(Place place, Content content) {
        content.tensors().values().forEach(FiniteTensors::require);
        Path target = folder.resolve(place.folder());
        Path aside = hidden(place, "tmp");
        boolean done = false;
        try {
            DurableFile.createFolders(disk, aside);
            write(aside, content);
            disk.forceFolder(aside);
            if (Files.exists(target)) {
                // Only a damaged one can be in the way: a run never comes twice to a place that it has saved.
                discard(place);
            }
            disk.rename(aside, target);
            disk.forceFolder(folder);
            done = true;
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    target + ": the checkpoint cannot be written (" + DurableFile.reason(e) + ")", e);
        } finally {
            if (!done) {
                deleteQuietly(aside);
            }
        }
    }

    private void write(Path into, Content content) throws IOException {
        SortedMap<String, String> hashes = new TreeMap<>();
        for (var file : new TreeMap<>(content.tensors()).entrySet()) {
            String name = file.getKey() + StoredCheckpoint.TENSORS;
            hashes.put(name, write(into.resolve(name), Safetensors.content(into, file.getValue(), Map.of())));
        }
        hashes.put(
                StoredCheckpoint.RECORD,
                write(
                        into.resolve(StoredCheckpoint.RECORD),
                        bytes(content.record().toPrettyString())));
        DurableFile.writeNew(disk, into.resolve(Manifest.FILE), bytes(new Manifest(hashes).text()));
    }

    private String write(Path file, DurableFile.Content content) throws IOException {
        String[] hash = new String[1];
        DurableFile.writeNew(disk, file, channel -> {
            var hashing = new Manifest.Hashing(channel);
            content.writeTo(hashing);
            hash[0] = hashing.hex();
        });
        return hash[0];
    }

    private static DurableFile.Content bytes(String text) {
        return channel -> DurableFile.writeFully(channel, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Returns the places of all committed checkpoints, whole or damaged, oldest first. */
    public List<Place> places() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        return names().stream()
                .flatMap(name -> Place.of(name).stream())
                .sorted()
                .toList();
    }

    /** Returns what is damaged at a place, if anything is. */
    public Optional<String> damage(Place place) {
        return Manifest.damage(folder.resolve(place.folder()));
    }

    /**
     * Returns the newest whole checkpoint at a place that is wanted.
     *
     * @param damaged hears of newer ones that are not whole, with what is wrong
     */
    public Optional<StoredCheckpoint> newest(Predicate<Place> wanted, BiConsumer<Path, String> damaged) {
        for (Place place : places().reversed().stream().filter(wanted).toList()) {
            Path path = folder.resolve(place.folder());
            Optional<String> damage = Manifest.damage(path);
            if (damage.isEmpty()) {
                return Optional.of(new StoredCheckpoint(place, path));
            }
            damaged.accept(path, damage.get());
        }
        return Optional.empty();
    }

    /** Deletes all checkpoints within experiences but the newest, and all after experiences but the newest. */
    public void prune(int within, int after) {
        List<Place> places = places().reversed();
        Stream.concat(
                        places.stream().filter(place -> !place.isEnd()).skip(within),
                        places.stream().filter(Place::isEnd).skip(after))
                .forEach(this::delete);
    }

    /** Deletes all checkpoints after a place. */
    public void discardAfter(Place place) {
        places().stream().filter(later -> later.compareTo(place) > 0).forEach(this::delete);
    }

    private void delete(Place place) {
        try {
            discard(place);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    folder.resolve(place.folder()) + ": the checkpoint cannot be deleted (" + DurableFile.reason(e)
                            + ")",
                    e);
        }
    }

    /** Deletes what writes left behind that were never finished; only the one writer of the run may. */
    public void sweep() {
        if (Files.isDirectory(folder)) {
            unfinished().forEach(this::deleteQuietly);
        }
    }

    /** Returns what writes left behind that were never finished. */
    public List<Path> unfinished() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        return names().stream()
                .filter(name -> name.startsWith("."))
                .map(folder::resolve)
                .toList();
    }

    /** Takes a checkpoint away: out of sight in one step, then file by file. */
    private void discard(Place place) throws IOException {
        Path hidden = hidden(place, "old");
        disk.rename(folder.resolve(place.folder()), hidden);
        deleteQuietly(hidden);
    }

    private Path hidden(Place place, String suffix) {
        return folder.resolve("." + place.folder() + "." + UUID.randomUUID() + "." + suffix);
    }

    /** What is out of sight harms nobody if it cannot be deleted; the next start tries again. */
    private void deleteQuietly(Path hidden) {
        try (Stream<Path> walk = Files.exists(hidden) ? Files.walk(hidden) : Stream.empty()) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                disk.delete(path);
            }
        } catch (IOException | UncheckedIOException e) {
            // See above.
        }
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        try (Stream<Path> entries = Files.list(folder)) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    folder + ": the checkpoints cannot be listed (" + DurableFile.reason(e) + ")", e);
        }
        return names;
    }
}
