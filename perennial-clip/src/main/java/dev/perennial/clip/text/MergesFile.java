package dev.perennial.clip.text;

import dev.perennial.clip.guard.BoundedFile;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Merges as text: a version header, then a line {@code left right} for each, the first to be applied first. */
final class MergesFile {
    /** So many merges make OpenAI's 49,408 tokens; their file goes on after them. */
    static final int OPENAI_MERGES = 48_894;

    private static final String HEADER = "#version: 0.2";
    /** Larger than any merges in use, packed or unpacked; a packed file could grow a thousandfold. */
    private static final int LARGEST = 1 << 26;

    private MergesFile() {}

    /** Reads a {@code .txt} or {@code .txt.gz} file, up to a number of merges. */
    static List<Merge> read(Path file, long limit) {
        try (InputStream in = new ByteArrayInputStream(BoundedFile.bytes(file, LARGEST))) {
            boolean zipped = file.getFileName().toString().endsWith(".gz");
            return read(zipped ? unpacked(in) : in, limit);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot read the merges: " + e.getMessage(), e);
        }
    }

    private static InputStream unpacked(InputStream packed) throws IOException {
        try (var in = new GZIPInputStream(packed)) {
            byte[] content = in.readNBytes(LARGEST + 1);
            if (content.length > LARGEST) {
                throw new IOException("it unpacks to more than " + LARGEST + " bytes");
            }
            return new ByteArrayInputStream(content);
        }
    }

    /** Reads merges from a stream, up to a number of them. */
    static List<Merge> read(InputStream in, long limit) throws IOException {
        var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        try {
            return reader.lines()
                    .filter(line -> !line.isBlank() && !line.contains("#version:"))
                    .limit(limit)
                    .map(MergesFile::parse)
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    static Merge parse(String line) {
        String[] parts = line.split(" ", -1);
        if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            throw new IllegalArgumentException("'" + line + "' is no merge; a merge is two tokens with a space"
                    + " between them, as in the merges.txt of a CLIP model");
        }
        return new Merge(parts[0], parts[1]);
    }

    static void write(List<Merge> merges, Path file) throws IOException {
        Files.writeString(
                file,
                Stream.concat(Stream.of(HEADER), merges.stream().map(Merge::toString))
                        .collect(Collectors.joining("\n", "", "\n")));
    }
}
