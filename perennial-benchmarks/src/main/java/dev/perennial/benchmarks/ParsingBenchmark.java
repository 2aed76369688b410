package dev.perennial.benchmarks;

import dev.perennial.clip.checkpoint.PytorchArchive;
import dev.perennial.clip.checkpoint.Safetensors;
import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.image.ImageDecoder;
import dev.perennial.clip.text.Tokenizer;
import dev.perennial.data.CaptionTableReader;
import dev.perennial.data.DatasetInfo;
import dev.perennial.data.ShardOptions;
import dev.perennial.data.TableColumns;
import dev.perennial.data.WebDatasetReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Shows how the time to read a file grows with its size, for every kind of file that may come from a stranger: an exponent of 1 is
 * linear, one of 2 would let a small file take for ever.
 */
public final class ParsingBenchmark {
    private static final int DOUBLINGS = 3;
    private static final int ROUNDS = 5;

    /** Prepares an input of this size in a folder and returns how to read it. */
    @FunctionalInterface
    private interface Input {
        Runnable of(Path folder, int size) throws IOException;
    }

    private ParsingBenchmark() {}

    /** Prints the table. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createTempDirectory("parsing");
        try {
            measure(folder);
        } finally {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    private static void measure(Path folder) throws IOException {
        System.out.println("| what | smallest | ms | 2 x | 4 x | 8 x | exponent |");
        System.out.println("|---|---|---|---|---|---|---|");
        row(folder, "safetensors: tensors", 10_000, ParsingBenchmark::safetensors);
        row(folder, "PyTorch archive: entries of the pickle", 50_000, ParsingBenchmark::pytorch);
        row(folder, "tar shard: members", 20_000, ParsingBenchmark::shard);
        row(folder, "table: rows", 20_000, ParsingBenchmark::table);
        row(folder, "PNG: chunks beside the pixels", 50_000, (_, size) -> image(HostileImages.png(size)));
        row(folder, "GIF: frames", 50_000, (_, size) -> image(HostileImages.gif(size)));
        row(folder, "text: characters of one word", 250_000, (_, size) -> text("a".repeat(size)));
        row(folder, "text: combining marks", 250_000, (_, size) -> text("\u0301\u0316".repeat(size / 2)));
        row(folder, "text: Greek capitals and marks", 250_000, (_, size) -> text("\u0391\u03a3'".repeat(size / 3)));
    }

    private static void row(Path folder, String what, int smallest, Input input) throws IOException {
        double[] milliseconds = new double[DOUBLINGS + 1];
        for (int doubling = 0; doubling <= DOUBLINGS; doubling++) {
            Runnable reading = input.of(folder, smallest << doubling);
            milliseconds[doubling] = fastest(reading);
        }
        double exponent = Math.log(milliseconds[DOUBLINGS] / milliseconds[0]) / Math.log(1 << DOUBLINGS);
        System.out.printf(
                Locale.ROOT,
                "| %s | %,d | %.1f | %.1f | %.1f | %.1f | %.2f |%n",
                what,
                smallest,
                milliseconds[0],
                milliseconds[1],
                milliseconds[2],
                milliseconds[3],
                exponent);
    }

    /** The fastest of several rounds, after as many to warm up. */
    private static double fastest(Runnable reading) {
        IntStream.range(0, ROUNDS).forEach(_ -> reading.run());
        return IntStream.range(0, ROUNDS)
                .mapToDouble(_ -> {
                    long start = System.nanoTime();
                    reading.run();
                    return (System.nanoTime() - start) / 1e6;
                })
                .min()
                .orElseThrow();
    }

    private static Runnable safetensors(Path folder, int size) {
        Path file = folder.resolve("model.safetensors");
        List<StoredTensor> tensors = IntStream.range(0, size)
                .mapToObj(i -> StoredTensor.ofFloats("layer." + i, new long[] {1}, new float[] {i}))
                .toList();
        Safetensors.write(file, tensors, Map.of());
        return () -> Safetensors.read(file).close();
    }

    private static Runnable pytorch(Path folder, int size) throws IOException {
        Path file = Files.write(folder.resolve("model.pt"), HostileArchives.pytorch(size));
        return () -> PytorchArchive.open(file).close();
    }

    private static Runnable shard(Path folder, int size) throws IOException {
        Path file = Files.write(folder.resolve("shard.tar"), HostileArchives.tar(size));
        var info = new DatasetInfo("shard", "", List.of("a"), List.of(), List.of("en"));
        return () -> WebDatasetReader.open(List.of(file), info, ShardOptions.defaults())
                .close();
    }

    private static Runnable table(Path folder, int size) throws IOException {
        var table = new StringBuilder("image,caption\n");
        IntStream.range(0, size)
                .forEach(i ->
                        table.append(i).append(".jpg,a photo of ").append(i).append('\n'));
        Path file = Files.writeString(folder.resolve("table.csv"), table);
        return () -> CaptionTableReader.open(file, "", TableColumns.usual()).close();
    }

    private static Runnable image(byte[] encoded) {
        return () -> ImageDecoder.STANDARD.decode(encoded, "image");
    }

    private static Runnable text(String text) {
        Tokenizer tokenizer = Tokenizer.openai().withContextLength(1 << 24);
        return () -> tokenizer.encode(text);
    }
}
