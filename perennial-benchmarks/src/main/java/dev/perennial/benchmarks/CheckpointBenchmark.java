package dev.perennial.benchmarks;

import dev.perennial.clip.Clip;
import dev.perennial.clip.TensorStorage;
import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.text.Tokenizer;
import dev.perennial.clip.tower.Initialization;
import dev.perennial.train.checkpoint.CheckpointStore;
import dev.perennial.train.checkpoint.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Measures what saving a run costs: a whole CLIP with its optimizer, which is the most there is to save, and a projection alone,
 * as parameter-efficient methods train.
 */
public final class CheckpointBenchmark {
    private static final int BATCH = 16;
    private static final int COMMITS = 5;
    private static final int KEPT = 2;
    /** Minutes between two checkpoints where the configuration says nothing. */
    private static final double DEFAULT_MINUTES = 10;

    private final Path folder;
    private final ClipConfig config;

    private CheckpointBenchmark(Path folder, ClipConfig config) {
        this.folder = folder;
        this.config = config;
    }

    /** Runs the benchmark; {@code --model} names a bundled size, {@code --folder} lies on the disk to measure. */
    public static void main(String[] arguments) throws IOException {
        String model = "ViT-B-32-openai";
        Path parent = Path.of("");
        for (Iterator<String> rest = List.of(arguments).iterator(); rest.hasNext(); ) {
            String option = rest.next();
            switch (option) {
                case "--model" -> model = Options.value(option, rest);
                case "--folder" -> parent = Path.of(Options.value(option, rest));
                default -> throw new IllegalArgumentException("unknown option '" + option + "'\n" + Options.USAGE);
            }
        }
        ClipConfig config = ClipBenchmark.size(model);
        MachineFacts.all().forEach((name, value) -> System.out.println(name + ": " + value));
        System.out.println("model: " + model + ", random weights, batch of " + BATCH);
        Path folder = Files.createTempDirectory(parent.toAbsolutePath(), "perennial-checkpoints");
        try {
            var benchmark = new CheckpointBenchmark(folder, config);
            System.out.printf(
                    "%-16s %10s %12s %12s %20s%n",
                    "trained", "saved MB", "s a step", "s a save", "share at 10 minutes");
            benchmark.measure("everything", _ -> true);
            benchmark.measure("projections", name -> name.equals("visual.proj") || name.equals("text_projection"));
        } finally {
            ClipBenchmark.delete(folder);
        }
    }

    private void measure(String what, Predicate<String> trained) {
        Clip clip = new Clip(
                config,
                Initialization.draw(config, new RandomStream(1)),
                Tokenizer.openai(),
                Preprocessing.openai(config.vision().imageSize()));
        try (var training = new TrainingContenders(clip, BATCH, trained)) {
            Runnable step = training.all().getFirst().body();
            step.run();
            double stepSeconds = median(step);
            var store = new CheckpointStore(folder.resolve(what));
            List<Integer> places = new ArrayList<>();
            double saveSeconds = median(() -> {
                places.add(places.size() + 1);
                store.commit(new Place(0, places.size()), content(clip, training));
                store.prune(KEPT, KEPT);
            });
            System.out.printf(
                    Locale.ROOT,
                    "%-16s %10.1f %12.3f %12.3f %18.3f %%%n",
                    what,
                    bytes(content(clip, training)) / 1e6,
                    stepSeconds,
                    saveSeconds,
                    100 * saveSeconds / (60 * DEFAULT_MINUTES + saveSeconds));
        }
    }

    private static CheckpointStore.Content content(Clip clip, TrainingContenders training) {
        List<StoredTensor> weights = new ArrayList<>();
        clip.parameters().trained().forEach((name, tensor) -> weights.add(TensorStorage.view(name, tensor)));
        Collection<StoredTensor> moments = training.optimizer().tensors().values();
        return new CheckpointStore.Content(
                Map.of("method", weights, "optimizer", moments), JsonNodeFactory.instance.objectNode());
    }

    private static long bytes(CheckpointStore.Content content) {
        return content.tensors().values().stream()
                .flatMap(Collection::stream)
                .mapToLong(tensor -> tensor.data().byteSize())
                .sum();
    }

    private static double median(Runnable work) {
        double[] seconds = new double[COMMITS];
        for (int i = 0; i < COMMITS; i++) {
            long start = System.nanoTime();
            work.run();
            seconds[i] = (System.nanoTime() - start) / 1e9;
        }
        Arrays.sort(seconds);
        return seconds[COMMITS / 2];
    }
}
