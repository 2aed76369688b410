package dev.perennial.benchmarks;

import dev.perennial.clip.Clip;
import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.ModelConfigs;
import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.tensor.Precision;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.text.Tokenizer;
import dev.perennial.clip.tower.Initialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.global.torch;

/**
 * Measures the speed of a CLIP with random weights: encoding images and texts, training, each as a share of what the machine's
 * plain matrix products reach in the same minute, and beside ONNX Runtime on the same towers.
 */
public final class ClipBenchmark {
    private static final int[] IMAGE_BATCHES = {1, 16, 64};
    private static final int TEXT_BATCH = 64;
    private static final int TRAINING_BATCH = 16;
    /** Tokens of 16 images of ViT-B/32. */
    private static final int GEMM_ROWS = 800;

    private final Options options;

    private ClipBenchmark(Options options) {
        this.options = options;
    }

    /** Runs the benchmark; see the usage. */
    public static void main(String[] arguments) throws IOException {
        new ClipBenchmark(Options.parse(List.of(arguments))).run();
    }

    private void run() throws IOException {
        Map<String, String> facts = MachineFacts.withOnnxRuntime();
        facts.put("model", options.model() + ", random weights");
        facts.forEach((name, value) -> System.out.println(name + ": " + value));
        ClipConfig config = size(options.model());
        Path folder = Files.createTempDirectory("perennial-benchmark");
        try (Clip clip = model(config);
                Clip half = clip.inBfloat16();
                var images = new ImageContenders(clip, half, folder, torch.get_num_threads());
                var texts = new TextContenders(clip, half, folder, torch.get_num_threads());
                var training = new TrainingContenders(clip.copy(), TRAINING_BATCH)) {
            report("images", images.difference());
            report("texts", texts.difference());
            List<Contender> contenders = new ArrayList<>(images.at(IMAGE_BATCHES));
            contenders.addAll(texts.at(TEXT_BATCH));
            contenders.addAll(training.all());
            measure(config, contenders, facts);
        } finally {
            delete(folder);
        }
    }

    /** Returns the bundled size of this name. */
    static ClipConfig size(String name) {
        return ModelConfigs.find(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "no bundled size '" + name + "'; there are " + ModelConfigs.names()));
    }

    private void measure(ClipConfig config, List<Contender> contenders, Map<String, String> facts) throws IOException {
        int width = config.vision().outputWidth();
        Map<Precision, Gemm> gemms = new EnumMap<>(Precision.class);
        for (Precision precision : Precision.values()) {
            gemms.put(precision, new Gemm(precision, GEMM_ROWS, width, 4L * width));
        }
        Rounds rounds = options.quick() ? new Rounds(3, 0.3, gemms) : new Rounds(7, 1, gemms);
        List<Speed> speeds = rounds.measure(contenders, System.out::println);
        gemms.forEach((precision, gemm) -> {
            facts.put("GEMM in " + ResultTable.name(precision), gigaflops(rounds.gemmRate(precision)));
            gemm.close();
        });
        String summary = facts.entrySet().stream()
                .map(fact -> "- " + fact.getKey() + ": " + fact.getValue() + "\n")
                .collect(Collectors.joining());
        String aims = Aims.judge(speeds).stream().map(aim -> "- " + aim + "\n").collect(Collectors.joining());
        String markdown = summary + "\n" + ResultTable.markdown(speeds) + "\n" + aims;
        System.out.print("\n" + markdown);
        if (options.output().isPresent()) {
            Path file = options.output().get();
            Files.writeString(file, file.toString().endsWith(".csv") ? ResultTable.csv(speeds) : markdown);
        }
    }

    private static void report(String what, double difference) {
        System.out.printf(
                Locale.ROOT,
                "largest difference of %s features to ONNX Runtime's: %.1e%n",
                what,
                Differences.requireRounding(what, difference));
    }

    private static String gigaflops(double rate) {
        return String.format(Locale.ROOT, "%.0f GFLOP/s", rate / 1e9);
    }

    static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Returns a model with random weights, the same at every call. */
    static Clip model(ClipConfig config) {
        return new Clip(
                config,
                Initialization.draw(config, new RandomStream(1)),
                Tokenizer.openai(),
                Preprocessing.openai(config.vision().imageSize()));
    }
}
