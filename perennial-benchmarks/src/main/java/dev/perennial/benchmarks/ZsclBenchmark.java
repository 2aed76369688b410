package dev.perennial.benchmarks;

import dev.perennial.clip.Clip;
import dev.perennial.clip.tensor.Precision;
import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.data.BadSamples;
import dev.perennial.data.Dataset;
import dev.perennial.data.DatasetSpec;
import dev.perennial.data.LoaderOptions;
import dev.perennial.method.Batch;
import dev.perennial.method.EndlessBatches;
import dev.perennial.method.FrozenFeatures;
import dev.perennial.method.LearningPlan;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.Part;
import dev.perennial.method.distill.ZsclProvider;
import dev.perennial.method.tune.Tuning;
import dev.perennial.method.tune.TuningOptions;
import dev.perennial.stream.Experience;
import dev.perennial.stream.Supervision;
import dev.perennial.train.AdamW;
import dev.perennial.train.AdamWConfig;
import dev.perennial.train.OptimizerStep;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Compares a step of ZSCL whose teacher remembers its answers with one whose teacher is asked again, as in ZSCL's repository, and with
 * a step of fine-tuning; in turns, so that what slows the machine down slows all of them.
 */
public final class ZsclBenchmark {
    private static final int BATCH = 32;
    private static final int CLASSES = 20;
    private static final int POOL = 512;
    private static final double LEARNING_RATE = 1e-7;
    private static final String CAPTIONS = "captions";

    private ZsclBenchmark() {}

    /**
     * The length.
     *
     * @param captions number of reference captions
     * @param steps steps of each kind
     */
    private record Length(int captions, int steps) {
        static Length parse(List<String> arguments) {
            int captions = 4000;
            int steps = 15;
            for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
                String option = rest.next();
                switch (option) {
                    case "--captions" -> captions = Integer.parseInt(Options.value(option, rest));
                    case "--steps" -> steps = Integer.parseInt(Options.value(option, rest));
                    default -> throw new IllegalArgumentException("unknown option '" + option + "'\n" + Options.USAGE);
                }
            }
            return new Length(captions, steps);
        }
    }

    /** Runs the benchmark; {@code --captions} and {@code --steps} set its length. */
    public static void main(String[] arguments) {
        Length length = Length.parse(List.of(arguments));
        MachineFacts.all().forEach((name, value) -> System.out.println(name + ": " + value));
        System.out.printf(
                "%d steps of each kind, batch %d, %d reference images, %d captions%n%n",
                length.steps(), BATCH, POOL, length.captions());
        List<Contestant> contestants = List.of(
                new Contestant("fine-tuning", (clip, context) -> Tuning.of(clip, tuning(), context), length),
                new Contestant("zscl, answers remembered", (clip, context) -> zscl(clip, true, context), length),
                new Contestant("zscl, answers recomputed", (clip, context) -> zscl(clip, false, context), length));
        contestants.forEach(Contestant::step); // warms up; what it took does not count
        for (int step = 0; step < length.steps(); step++) {
            contestants.forEach(Contestant::measure);
        }
        contestants.forEach(Contestant::report);
        System.out.printf(
                Locale.ROOT,
                "%nremembering makes a step of zscl %.2f times as fast%n",
                contestants.get(2).median() / contestants.get(1).median());
        contestants.forEach(Contestant::close);
    }

    private static TuningOptions tuning() {
        Set<Part> parts = EnumSet.allOf(Part.class);
        parts.remove(Part.LOGIT_SCALE);
        return new TuningOptions(parts, 0.2);
    }

    private static Method zscl(Clip clip, boolean cache, MethodContext context) {
        var reference = new ZsclProvider.Reference(
                DatasetSpec.of("images"), Optional.of(DatasetSpec.of(CAPTIONS)), List.of(NoiseImages.LANGUAGE));
        var options = new ZsclProvider.Options(
                tuning().train(),
                tuning().labelSmoothing(),
                Optional.empty(),
                2,
                1,
                1,
                0,
                1,
                100,
                1,
                1,
                reference,
                cache);
        return new ZsclProvider().create(clip, options, context);
    }

    /** Makes a method of a model. */
    private interface Maker {
        Method of(Clip clip, MethodContext context);
    }

    /** A method in the middle of an experience. */
    private static final class Contestant implements AutoCloseable {
        private final String name;
        private final Method method;
        private final Experience experience;
        private final EndlessBatches batches;
        private final AdamW optimizer;
        private final OptimizerStep step;
        private final List<Double> seconds = new ArrayList<>();
        private int taken;

        Contestant(String name, Maker maker, Length length) {
            this.name = name;
            Clip clip = MemoryBenchmark.model();
            int side = clip.preprocessing().imageSize();
            var images = new MethodContext.Images(
                    clip.preprocessing(),
                    (image, _) -> clip.preprocessing().apply(image),
                    BATCH,
                    LoaderOptions.withSeed(0).withThreads(1),
                    new BadSamples());
            var random = new RandomStreams(1);
            var context = new MethodContext(
                    random,
                    MemoryBenchmark::model,
                    new Reference(length.captions(), side),
                    images,
                    Precision.FLOAT32,
                    samples -> Math.ceilDiv(samples, BATCH));
            Dataset train = new NoiseImages(POOL, CLASSES, side);
            this.experience = new Experience(
                    0,
                    "noise",
                    train,
                    new Supervision.Labels(train.classNames(), new PromptTemplates(train.templates())));
            this.method = maker.of(clip, context);
            this.batches = EndlessBatches.plain(images, random.stream("benchmark"));
            batches.start(train);
            var plan = (LearningPlan.Gradients) method.begin(experience);
            this.optimizer = new AdamW(plan.groups(), AdamWConfig.FINE_TUNING);
            this.step = new OptimizerStep(plan.groups(), optimizer, Precision.FLOAT32, Optional.empty());
        }

        void step() {
            var loaded = batches.next();
            step.take(
                    name,
                    List.of(() -> method.loss(new Batch(experience, loaded.samples(), FrozenFeatures.pixels(loaded)))),
                    LEARNING_RATE);
            method.stepped(taken);
            taken++;
        }

        void measure() {
            long start = System.nanoTime();
            step();
            seconds.add((System.nanoTime() - start) / 1e9);
        }

        double median() {
            return Speed.median(seconds.stream());
        }

        void report() {
            System.out.printf(Locale.ROOT, "%-26s %7.3f s a step, %6.1f images/s%n", name, median(), BATCH / median());
        }

        @Override
        public void close() {
            batches.close();
            optimizer.close();
            method.close();
        }
    }

    /** The reference data of the benchmark. */
    private record Reference(int captions, int side) implements MethodContext.DataAccess {
        @Override
        public Dataset open(DatasetSpec spec) {
            return new NoiseImages(spec.path().equals(CAPTIONS) ? captions : POOL, CLASSES, side);
        }

        @Override
        public List<Experience> stream() {
            return List.of();
        }
    }
}
