package dev.perennial.data;

import dev.perennial.clip.guard.BoundedFile;
import dev.perennial.clip.image.ImageDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A sample whose image is a file of its own.
 *
 * @param fault why the sample cannot be used, if so
 */
record FileImage(String key, Path file, SampleRecord sampleRecord, Optional<String> fault) {
    /** More captions of one image than any table has; joining them one by one takes the square of their number. */
    private static final int MAX_CAPTIONS = 1_000;

    /** Names the sample by the path of its file from a folder. */
    static FileImage of(Path root, Path file, SampleRecord sampleRecord) {
        return new FileImage(root.relativize(file).toString().replace('\\', '/'), file, sampleRecord, Optional.empty());
    }

    static FileImage faulty(String key, Path file, String fault) {
        return new FileImage(key, file, SampleRecord.EMPTY, Optional.of(fault));
    }

    /** Returns one sample of two rows with the same image: the captions of both and the attributes of the first. */
    static FileImage merged(FileImage first, FileImage second) {
        SampleRecord one = first.sampleRecord();
        SampleRecord other = second.sampleRecord();
        if (one.captions().values().stream().anyMatch(texts -> texts.size() >= MAX_CAPTIONS)) {
            return new FileImage(
                    first.key, first.file, one, Optional.of("it has more than " + MAX_CAPTIONS + " captions"));
        }
        if (!one.label().equals(other.label()) || !one.className().equals(other.className())) {
            return new FileImage(first.key, first.file, one, Optional.of("its rows differ in their label"));
        }
        var captions = new LinkedHashMap<>(one.captions());
        other.captions().forEach((language, texts) -> captions.merge(language, texts, FileImage::joined));
        SampleRecord both = one.withCaptions(Collections.unmodifiableMap(captions));
        return new FileImage(first.key, first.file, both, first.fault.or(second::fault));
    }

    private static List<String> joined(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    ImageSource source(SampleRecord.Complaint bad) {
        return ImageSource.of(file.toString(), () -> {
            try {
                return BoundedFile.bytes(file, ImageDecoder.STANDARD.maxBytes());
            } catch (NoSuchFileException e) {
                throw bad.apply("there is no file " + file);
            } catch (IOException e) {
                throw bad.apply("cannot read " + file + " (" + e.getMessage() + ")");
            }
        });
    }

    /** Returns the size of the file in bytes, -1 if there is none. */
    long size() {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return -1;
        }
    }
}
