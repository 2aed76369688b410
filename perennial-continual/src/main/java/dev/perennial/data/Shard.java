package dev.perennial.data;

import dev.perennial.clip.guard.BoundedFile;
import dev.perennial.clip.image.ImageDecoder;
import dev.perennial.data.SampleRecord.Complaint;
import dev.perennial.data.TarIndex.Member;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One WebDataset shard: a tar in which the members of a sample follow one another and share the name before the first dot. */
final class Shard implements AutoCloseable {
    /** The members of one sample by extension in lower case, without the dot. */
    record Entry(String key, Map<String, Member> members) {}

    private static final int MAX_TEXT_BYTES = 1 << 20;

    private final Path file;
    private final Optional<String> declaredHash;
    private final FileChannel channel;
    private final List<Entry> entries;
    private @Nullable String hash;

    private Shard(Path file, Optional<String> declaredHash, FileChannel channel, List<Entry> entries) {
        this.file = file;
        this.declaredHash = declaredHash;
        this.channel = channel;
        this.entries = entries;
    }

    /**
     * Opens a {@code .tar}, or a {@code .tar.gz} through the cache.
     *
     * @param declared SHA-256 of the file where the data set states one
     * @throws DatasetException if the shard is damaged, hostile or empty
     */
    static Shard open(Path file, Optional<String> declared, ShardOptions options) {
        String fileName = file.getFileName().toString();
        requireRegular(file);
        if (options.verify() && declared.isPresent()) {
            String actual = ContentHash.ofFile(file);
            if (!actual.equals(declared.get())) {
                throw ShardCache.wrongHash(file, declared.get(), actual);
            }
        }
        boolean packed = fileName.endsWith(".gz") || fileName.endsWith(".tgz");
        Path tar = packed ? ShardCache.in(options.cacheFolder()).unpacked(file, declared) : file;
        FileChannel channel = null;
        try {
            channel = FileChannel.open(tar);
            var shard = new Shard(file, declared, channel, group(TarIndex.read(channel, tar.toString()), file));
            channel = null;
            return shard;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read shard " + tar, e);
        } finally {
            close(channel);
        }
    }

    private static void requireRegular(Path file) {
        try {
            BoundedFile.requireRegular(file);
        } catch (IOException e) {
            throw new DatasetException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static List<Entry> group(List<Member> members, Path file) {
        var entries = new ArrayList<Entry>();
        var keys = new HashSet<String>();
        for (Member member : members) {
            String path = member.name().startsWith("./") ? member.name().substring(2) : member.name();
            int dot = path.indexOf('.', path.lastIndexOf('/') + 1);
            if (dot <= path.lastIndexOf('/') + 1) {
                // No extension, or a hidden file such as macOS adds: no part of a sample.
                continue;
            }
            String key = path.substring(0, dot);
            if (entries.isEmpty() || !entries.getLast().key().equals(key)) {
                if (!keys.add(key)) {
                    throw new DatasetException(file + ": key \"" + key
                            + "\" is there twice; the members of a sample must follow one another");
                }
                entries.add(new Entry(key, new LinkedHashMap<>()));
            }
            String extension = path.substring(dot + 1).toLowerCase(Locale.ROOT);
            if (entries.getLast().members().put(extension, member) != null) {
                throw new DatasetException(file + ": sample \"" + key + "\" has two members ." + extension);
            }
        }
        if (entries.isEmpty()) {
            throw new DatasetException(
                    file + ": the shard holds no samples; it needs members such as 0001.jpg, 0001.cls");
        }
        return entries;
    }

    /** Returns the file name of the shard. */
    String name() {
        return file.getFileName().toString();
    }

    /** Returns the SHA-256 of the shard as stated, or else of its bytes. */
    synchronized String hash() {
        // Results name it after every experience.
        String known = hash != null ? hash : declaredHash.orElseGet(() -> ContentHash.ofFile(file));
        hash = known;
        return known;
    }

    List<Entry> entries() {
        return entries;
    }

    /** Returns the one image of a sample, not yet read. */
    ImageSource image(Entry entry, String dataset, Complaint bad) {
        List<Member> images = entry.members().values().stream()
                .filter(member -> ImageFiles.isImage(member.name()))
                .toList();
        if (images.size() != 1) {
            throw bad.apply("it needs one image but has the members "
                    + String.join(", ", entry.members().keySet()));
        }
        Member image = images.getFirst();
        if (image.size() > ImageDecoder.STANDARD.maxBytes()) {
            throw bad.apply(
                    "its image has " + image.size() + " bytes; " + ImageDecoder.STANDARD.maxBytes() + " is the limit");
        }
        return ImageSource.of(dataset + " " + name() + " " + image.name(), () -> read(image, bad));
    }

    /**
     * Reads the members {@code .json}, {@code .cls} and {@code .txt} of a sample, as far as there are any.
     *
     * @param textLanguage language of {@code .txt}
     */
    SampleRecord sampleRecord(Entry entry, String textLanguage, Complaint bad) {
        var sample = text(entry, "json", bad)
                .map(json -> SampleRecord.ofJson(json, bad))
                .orElse(SampleRecord.EMPTY);
        var label = text(entry, "cls", bad).map(Shard::line).filter(line -> !line.isEmpty());
        if (label.isPresent()) {
            SampleRecord labelled = sample.withLabel(label.get());
            if (sample.label().isPresent() && !labelled.label().equals(sample.label())) {
                throw bad.apply(
                        "its label is " + sample.label().getAsInt() + " in .json but " + label.get() + " in .cls");
            }
            sample = labelled;
        }
        var caption = text(entry, "txt", bad).map(Shard::line).filter(line -> !line.isEmpty());
        if (caption.isPresent() && sample.captions().isEmpty()) {
            sample = sample.withCaptions(Map.of(textLanguage, List.of(caption.get())));
        }
        return sample;
    }

    private Optional<byte[]> text(Entry entry, String extension, Complaint bad) {
        return Optional.ofNullable(entry.members().get(extension)).map(member -> {
            if (member.size() > MAX_TEXT_BYTES) {
                throw bad.apply(
                        "its ." + extension + " has " + member.size() + " bytes; " + MAX_TEXT_BYTES + " is the limit");
            }
            return read(member, bad);
        });
    }

    private static String line(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8).strip();
    }

    private byte[] read(Member member, Complaint bad) {
        try {
            return TarIndex.read(channel, member.offset(), member.size());
        } catch (ClosedChannelException e) {
            throw new IllegalStateException(name() + ": the data set is closed", e);
        } catch (IOException e) {
            throw bad.apply("cannot read " + member.name() + " in shard " + name() + " (" + e.getMessage() + ")");
        }
    }

    @Override
    public void close() {
        close(channel);
    }

    private static void close(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close a shard", e);
        }
    }
}
