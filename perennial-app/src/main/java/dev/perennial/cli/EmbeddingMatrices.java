package dev.perennial.cli;

import dev.perennial.clip.checkpoint.Safetensors;
import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.checkpoint.StoredType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/** Gathers embeddings into one matrix of each kind, outside the Java heap, and writes them as safetensors. */
final class EmbeddingMatrices {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private EmbeddingMatrices() {}

    /** Rows that fill up. */
    private static final class Matrix {
        private final List<String> keys = new ArrayList<>();
        private final int width;
        private final MemorySegment data;

        Matrix(Arena arena, int mostRows, int width) {
            this.width = width;
            this.data = arena.allocate((long) mostRows * width * Float.BYTES, Float.BYTES);
        }

        void add(String key, float[] row) {
            long bytes = (long) width * Float.BYTES;
            MemorySegment.copy(row, 0, data, FLOAT, keys.size() * bytes, width);
            keys.add(key);
        }

        StoredTensor tensor(String name) {
            long rows = keys.size();
            return new StoredTensor(
                    name, StoredType.F32, new long[] {rows, width}, data.asSlice(0, rows * width * Float.BYTES));
        }
    }

    static void write(Path file, int most, Consumer<EmbeddingSink> producer) {
        Map<EmbeddingSink.Kind, Matrix> matrices = new EnumMap<>(EmbeddingSink.Kind.class);
        try (Arena arena = Arena.ofConfined()) {
            producer.accept((kind, key, embedding) -> matrices.computeIfAbsent(
                            kind, _ -> new Matrix(arena, most, embedding.length))
                    .add(key, embedding));
            List<StoredTensor> tensors = new ArrayList<>();
            Map<String, String> keys = new LinkedHashMap<>();
            matrices.forEach((kind, matrix) -> {
                tensors.add(matrix.tensor(kind.word() + "_embeddings"));
                keys.put(kind.word() + "_keys", JSON.writeValueAsString(matrix.keys));
            });
            Safetensors.write(file, tensors, keys);
        }
    }
}
