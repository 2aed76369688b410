package dev.perennial.teacher;

import dev.perennial.clip.checkpoint.Safetensors;
import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.checkpoint.TensorFile;
import dev.perennial.data.BadSamples;
import dev.perennial.data.BatchSampler;
import dev.perennial.data.Dataset;
import dev.perennial.data.LoadedBatch;
import dev.perennial.data.Loader;
import dev.perennial.data.LoaderOptions;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a teacher said of every sample of a data set, or of every text of a list: half-precision rows in a memory-mapped file.
 *
 * <p>The file belongs to the teacher and to the contents that it was shown, and is safe to delete.
 */
public final class TeacherTable implements AutoCloseable {
    private static final int BATCH = 32;
    private static final int PREFETCH = 2;

    private final TensorFile file;

    private TeacherTable(TensorFile file) {
        this.file = file;
    }

    /**
     * Opens the table of a data set's images, one row a sample, making it first if there is none; rows of bad samples are zero.
     *
     * @param folder where tables lie
     * @param threads threads that decode images while the table is made
     */
    public static TeacherTable ofImages(
            Supplier<ImageTeacher> teacher,
            String fingerprint,
            Dataset dataset,
            Path folder,
            int threads,
            BadSamples badSamples,
            TeacherProgress progress) {
        Path file = folder.resolve(key(List.of(fingerprint, dataset.hash())) + ".teacher");
        if (!Files.exists(file)) {
            try (ImageTeacher model = teacher.get()) {
                look(model, dataset, file, threads, badSamples, progress);
            }
        }
        return new TeacherTable(Safetensors.read(file));
    }

    private static void look(
            ImageTeacher teacher,
            Dataset dataset,
            Path file,
            int threads,
            BadSamples badSamples,
            TeacherProgress progress) {
        BatchSampler sampler = BatchSampler.sequential(dataset.size(), BATCH);
        var options = new LoaderOptions(threads, PREFETCH, 1, 0);
        var preprocessing = teacher.preprocessing();
        try (Arena arena = Arena.ofConfined();
                Loader loader = new Loader(
                        dataset,
                        sampler,
                        sampler.start(),
                        (image, _) -> preprocessing.apply(image),
                        options,
                        badSamples)) {
            List<HalfRows> tables = new ArrayList<>();
            while (loader.hasNext()) {
                LoadedBatch batch = loader.next();
                List<float[][]> outputs = teacher.look(batch.pixels(), batch.size());
                for (int o = 0; o < outputs.size(); o++) {
                    float[][] rows = outputs.get(o);
                    if (o == tables.size()) {
                        tables.add(new HalfRows(teacher.outputs().get(o), dataset.size(), rows[0].length, arena));
                    }
                    for (int i = 0; i < rows.length; i++) {
                        tables.get(o).set(batch.samples().get(i).position(), rows[i]);
                    }
                }
                progress.done(batch.samples().getLast().position() + 1, dataset.size());
            }
            Safetensors.write(file, tables.stream().map(HalfRows::stored).toList(), Map.of());
        }
    }

    /** Opens the table of these texts, one row each, making it first if there is none. */
    public static TeacherTable ofTexts(
            Supplier<TextTeacher> teacher,
            String fingerprint,
            List<String> texts,
            Path folder,
            TeacherProgress progress) {
        List<String> identity = new ArrayList<>(texts);
        identity.add(fingerprint);
        Path file = folder.resolve(key(identity) + ".teacher");
        if (!Files.exists(file)) {
            try (TextTeacher model = teacher.get();
                    Arena arena = Arena.ofConfined()) {
                List<HalfRows> table = new ArrayList<>();
                for (int from = 0; from < texts.size(); from += BATCH) {
                    List<String> chunk = texts.subList(from, Math.min(from + BATCH, texts.size()));
                    float[][] rows = model.embed(chunk);
                    if (table.isEmpty()) {
                        table.add(new HalfRows("texts", texts.size(), rows[0].length, arena));
                    }
                    for (int i = 0; i < rows.length; i++) {
                        table.getFirst().set(from + i, rows[i]);
                    }
                    progress.done(from + chunk.size(), texts.size());
                }
                Safetensors.write(file, List.of(table.getFirst().stored()), Map.of());
            }
        }
        return new TeacherTable(Safetensors.read(file));
    }

    private static String key(List<String> parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                // The length keeps neighbouring parts apart.
                digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Returns the width of one output. */
    public int width(String output) {
        return Math.toIntExact(file.tensor(output).dimension(1));
    }

    /** Returns rows of one output, one after another, {@code [positions, width]}. */
    public float[] rows(String output, int[] positions) {
        StoredTensor table = file.tensor(output);
        int width = width(output);
        float[] rows = new float[positions.length * width];
        for (int i = 0; i < positions.length; i++) {
            float[] row = table.rows(positions[i], positions[i] + 1L).toFloats();
            System.arraycopy(row, 0, rows, i * width, width);
        }
        return rows;
    }

    @Override
    public void close() {
        file.close();
    }
}
