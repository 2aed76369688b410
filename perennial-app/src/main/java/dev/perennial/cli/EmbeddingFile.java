package dev.perennial.cli;

import dev.perennial.clip.checkpoint.DurableFile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The forms in which embeddings are written; the ending of the file's name chooses one. */
enum EmbeddingFile {
    /**
     * Matrices {@code image_embeddings} and {@code text_embeddings} {@code [rows, embedDim]}; the metadata hold the keys of the
     * rows as JSON lists {@code image_keys} and {@code text_keys}.
     */
    SAFETENSORS,
    /** A line for each embedding: kind, key, and the numbers. */
    CSV,
    /** A JSON object for each embedding, one a line: kind, key and embedding. */
    JSONL;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Returns the form that a file's ending asks for. */
    static Optional<EmbeddingFile> of(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        for (EmbeddingFile form : values()) {
            if (name.endsWith("." + form.name().toLowerCase(Locale.ROOT))) {
                return Optional.of(form);
            }
        }
        return Optional.empty();
    }

    /**
     * Writes what a producer adds; the file appears whole or not at all.
     *
     * @param most largest number of embeddings of a kind
     */
    void write(Path file, int most, Consumer<EmbeddingSink> producer) {
        switch (this) {
            case SAFETENSORS -> EmbeddingMatrices.write(file, most, producer);
            case CSV -> lines(file, EmbeddingFile::csv, producer);
            case JSONL -> lines(file, EmbeddingFile::json, producer);
        }
    }

    /** Turns an embedding into a line. */
    private interface Line {
        String of(EmbeddingSink.Kind kind, String key, float[] embedding);
    }

    private static void lines(Path file, Line line, Consumer<EmbeddingSink> producer) {
        DurableFile.write(file, channel -> {
            // Not closed: the channel is still to be forced to the disk.
            Writer out = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8));
            producer.accept((kind, key, embedding) -> {
                try {
                    out.write(line.of(kind, key, embedding));
                } catch (IOException e) {
                    throw new UncheckedIOException(file + ": cannot be written", e);
                }
            });
            out.flush();
        });
    }

    private static String csv(EmbeddingSink.Kind kind, String key, float[] embedding) {
        List<String> cells = new ArrayList<>();
        cells.add(kind.word());
        cells.add(key);
        for (float value : embedding) {
            cells.add(Float.toString(value));
        }
        return Csv.of(List.of(cells));
    }

    private static String json(EmbeddingSink.Kind kind, String key, float[] embedding) {
        ObjectNode row = JSON.createObjectNode().put("kind", kind.word()).put("key", key);
        row.set("embedding", JSON.valueToTree(embedding));
        return JSON.writeValueAsString(row) + "\n";
    }
}
