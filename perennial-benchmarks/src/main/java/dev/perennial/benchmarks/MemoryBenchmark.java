package dev.perennial.benchmarks;

import dev.perennial.clip.Clip;
import dev.perennial.clip.config.Activation;
import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.TextConfig;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.config.VitConfig;
import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.text.Tokenizer;
import dev.perennial.clip.tower.Initialization;
import dev.perennial.run.ProcessMemory;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.bytedeco.javacpp.Pointer;

/**
 * Watches the memory of training: after every step the number of native objects must be what it was before, and the resident size
 * must stay where the first steps brought it.
 */
public final class MemoryBenchmark {
    private static final int IMAGE_SIZE = 64;
    private static final int BATCH = 16;
    private static final int REPORTS = 10;

    private MemoryBenchmark() {}

    /** Runs the benchmark; {@code --steps} sets its length. */
    public static void main(String[] arguments) {
        int steps = steps(List.of(arguments));
        try (var training = new TrainingContenders(model(), BATCH)) {
            List<Runnable> bodies = training.all().stream().map(Contender::body).toList();
            // The first step of each precision makes the optimizer's state and the engine's own caches.
            bodies.forEach(Runnable::run);
            bodies.forEach(Runnable::run);
            long base = TensorScope.liveObjects();
            System.out.printf("%6s %14s %16s%n", "step", "live objects", "resident MB");
            report(0, base);
            for (int step = 1; step <= steps; step++) {
                bodies.get(step % bodies.size()).run();
                long live = TensorScope.liveObjects();
                if (live != base) {
                    throw new IllegalStateException(
                            "step " + step + " left " + (live - base) + " native objects behind");
                }
                if (step % Math.max(1, steps / REPORTS) == 0) {
                    report(step, live);
                }
            }
            System.out.printf(Locale.ROOT, "largest resident size: %d MB%n", ProcessMemory.peakBytes() >> 20);
        }
    }

    private static void report(int step, long live) {
        System.out.printf(Locale.ROOT, "%6d %14d %16d%n", step, live, Pointer.physicalBytes() >> 20);
    }

    private static int steps(List<String> arguments) {
        int steps = 500;
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String option = rest.next();
            if (!option.equals("--steps")) {
                throw new IllegalArgumentException("unknown option '" + option + "'\n" + Options.USAGE);
            }
            steps = Integer.parseInt(Options.value(option, rest));
        }
        return steps;
    }

    /** Returns a small model with random weights, the same at every call. */
    static Clip model() {
        Tokenizer tokenizer = Tokenizer.openai();
        var tower = TransformerConfig.of(192, 6, 3, Activation.QUICK_GELU);
        var config = new ClipConfig(
                192,
                new VitConfig(IMAGE_SIZE, 8, tower),
                new TextConfig(Tokenizer.DEFAULT_CONTEXT_LENGTH, tokenizer.vocabularySize(), tokenizer.endId(), tower));
        return new Clip(
                config, Initialization.draw(config, new RandomStream(1)), tokenizer, Preprocessing.openai(IMAGE_SIZE));
    }
}
