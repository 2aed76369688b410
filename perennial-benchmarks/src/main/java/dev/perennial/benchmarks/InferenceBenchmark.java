package dev.perennial.benchmarks;

import dev.perennial.clip.Clip;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;

/**
 * Compares the inference of methods beside a frozen model with that of the model alone, and a training step of CoLeCLIP on images
 * with a forward pass of the model; in turns, so that what slows the machine down slows all of them.
 */
public final class InferenceBenchmark {
    private static final int BATCH = LearnedMethod.BATCH;
    private static final double MOE_AIM = 1.6;
    private static final double COLECLIP_AIM = 1.3;
    private static final double RAIL_AIM = 1.1;
    private static final double STEP_AIM = 1.5;

    private InferenceBenchmark() {}

    /**
     * What is measured.
     *
     * @param model a bundled size
     * @param rounds how often
     */
    private record Length(String model, int rounds) {
        static Length parse(List<String> arguments) {
            String model = "ViT-B-32-openai";
            int rounds = 7;
            for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
                String option = rest.next();
                switch (option) {
                    case "--model" -> model = Options.value(option, rest);
                    case "--rounds" -> rounds = Integer.parseInt(Options.value(option, rest));
                    default -> throw new IllegalArgumentException("unknown option '" + option + "'\n" + Options.USAGE);
                }
            }
            return new Length(model, rounds);
        }
    }

    /** Runs the benchmark; {@code --model} and {@code --rounds} choose what is measured and how often. */
    public static void main(String[] arguments) {
        Length length = Length.parse(List.of(arguments));
        MachineFacts.all().forEach((name, value) -> System.out.println(name + ": " + value));
        System.out.printf("%s with random weights, batch %d, %d rounds%n%n", length.model(), BATCH, length.rounds());
        Supplier<Clip> models = () -> ClipBenchmark.model(ClipBenchmark.size(length.model()));
        try (var plain = LearnedMethod.frozen(models);
                var moe = LearnedMethod.moeAdapters(models);
                var coleclip = LearnedMethod.coLeClip(models);
                var training = LearnedMethod.coLeClip(models).beginAnotherTask();
                var rail = LearnedMethod.rail(models);
                var _ = new TensorScope()) {
            Tensor known = plain.learnedImages();
            Tensor unknown = Tensors.of(new float[3 * BATCH * plain.side() * plain.side()], known.shape());
            Tensor half = Tensors.concat(0, known.narrow(0, 0, BATCH / 2), unknown.narrow(0, 0, BATCH - BATCH / 2));
            System.out.printf(
                    Locale.ROOT,
                    "moe-adapters take %.0f %% of the learned images and %.0f %% of the others for a task%n%n",
                    100 * moe.shareTakenForATask(known),
                    100 * moe.shareTakenForATask(unknown));
            List<Timed> timed = List.of(
                    new Timed("plain CLIP", plain, () -> plain.classify(known), 0),
                    new Timed("moe-adapters, learned images", moe, () -> moe.classify(known), MOE_AIM),
                    new Timed("moe-adapters, half of them", moe, () -> moe.classify(half), MOE_AIM),
                    new Timed("moe-adapters, other images", moe, () -> moe.classify(unknown), MOE_AIM),
                    new Timed("coleclip", coleclip, () -> coleclip.classify(known), COLECLIP_AIM),
                    new Timed("rail", rail, () -> rail.classify(known), RAIL_AIM),
                    new Timed("coleclip, training step", training, training::stepOnImages, STEP_AIM));
            timed.forEach(Timed::run); // warms up, and encodes prompts; what it took does not count
            for (int round = 0; round < length.rounds(); round++) {
                timed.forEach(Timed::measure);
            }
            System.out.printf("%-30s %9s %18s %8s %12s%n", "", "images/s", "times plain CLIP", "aim", "parameters");
            timed.forEach(one -> one.report(timed.getFirst()));
            System.out.println("\nparameters: MB in float32 of the model with all that the method added to it");
        }
    }

    /** Something that is run again and again. */
    private static final class Timed {
        private final String name;
        private final LearnedMethod method;
        private final Runnable body;
        private final double aim;
        private final List<Double> seconds = new ArrayList<>();

        /**
         * Creates a measurement.
         *
         * @param aim the largest factor on the plain model's time; 0 for none
         */
        Timed(String name, LearnedMethod method, Runnable body, double aim) {
            this.name = name;
            this.method = method;
            this.body = body;
            this.aim = aim;
        }

        void run() {
            try (var _ = new TensorScope()) {
                body.run();
            }
        }

        void measure() {
            long start = System.nanoTime();
            run();
            seconds.add((System.nanoTime() - start) / 1e9);
        }

        void report(Timed plain) {
            List<Double> factors = new ArrayList<>();
            for (int round = 0; round < seconds.size(); round++) {
                factors.add(seconds.get(round) / plain.seconds.get(round));
            }
            double factor = Speed.median(factors.stream());
            String judged =
                    aim == 0 ? "" : String.format(Locale.ROOT, "%.1f %s", aim, factor <= aim ? "met" : "missed");
            System.out.printf(
                    Locale.ROOT,
                    "%-30s %9.1f %18.2f %10s %10d%n",
                    name,
                    BATCH / Speed.median(seconds.stream()),
                    factor,
                    judged,
                    method.parameterBytes() >> 20);
        }
    }
}
