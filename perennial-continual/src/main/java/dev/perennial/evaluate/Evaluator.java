package dev.perennial.evaluate;

import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.data.BadSamples;
import dev.perennial.data.BatchSampler;
import dev.perennial.data.Dataset;
import dev.perennial.data.LoadedBatch;
import dev.perennial.data.Loader;
import dev.perennial.data.LoaderOptions;
import dev.perennial.data.Sample;
import dev.perennial.evaluate.metric.ClassificationMetrics;
import dev.perennial.evaluate.metric.ClassificationTally;
import dev.perennial.evaluate.metric.RetrievalMetric;
import dev.perennial.evaluate.metric.RetrievalMetrics;
import dev.perennial.method.AdaptedClip;
import dev.perennial.method.ImageClassifier;
import dev.perennial.stream.EvaluationSet;
import dev.perennial.stream.Supervision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
import org.bytedeco.pytorch.Tensor;

/**
 * Judges an adapted model on held-out sets. A labelled set is classified among the class names that the {@link Protocol} says, each
 * sample alone; a captioned set is searched in both directions.
 */
public final class Evaluator {
    /** Captions that are encoded together. */
    private static final int TEXT_CHUNK = 256;
    /** Batches that are decoded ahead of the forward pass. */
    private static final int PREFETCH = 2;

    private final Preprocessing preprocessing;
    private final EvaluationConfig config;
    private final BadSamples badSamples;

    /** Creates an evaluator; samples that it cannot use are added to {@code badSamples}. */
    public Evaluator(Preprocessing preprocessing, EvaluationConfig config, BadSamples badSamples) {
        this.preprocessing = preprocessing;
        this.config = config;
        this.badSamples = badSamples;
    }

    /**
     * What the model did on one set.
     *
     * @param score the set's cell of the result matrix, in percent: top-1 accuracy, or the mean of R@1, 5 and 10 in both
     *     directions
     * @param further other metrics by title, in percent
     * @param shown predictions for the first samples of a labelled set
     * @param decisions what every usable sample of a labelled set was taken for, in order
     * @param retrieval the ranks of a captioned set
     */
    public record SetResult(
            double score,
            SequencedMap<String, Double> further,
            List<ShownPrediction> shown,
            List<Decision> decisions,
            Optional<RetrievalMetrics> retrieval) {}

    /**
     * What one sample of a labelled set was taken for.
     *
     * @param position its position in the set
     * @param label its true class among the candidates
     * @param choice the most probable candidate
     * @param probability that of the choice, 0 to 1
     * @param ownChoice the most probable class among those of its own set, by label there
     * @param rank the place of the true class among the candidates, from 1; equal ones by index
     */
    public record Decision(int position, int label, int choice, double probability, int ownChoice, int rank) {
        /** Returns whether the choice is right. */
        public boolean right() {
            return choice == label;
        }
    }

    /** The most probable class of one sample. */
    public record ShownPrediction(Sample sample, String trueClass, String predictedClass, double probability) {}

    /** Evaluates one set among its own class names, with the task known. */
    public SetResult evaluate(AdaptedClip clip, EvaluationSet set) {
        try (var classifiers = new SharedClassifier(clip)) {
            return switch (set.supervision()) {
                case Supervision.Labels _ ->
                    classify(
                            clip,
                            classifiers,
                            set,
                            LabelSpace.own(set, set.learnedIn()),
                            new Recognition.Tally(List.of(set), set.learnedIn().orElse(-1) + 1));
                case Supervision.Captions captions -> retrieve(clip, set, captions.languages(), new HashMap<>());
                case Supervision.Arriving _ -> throw unknownClasses(set);
            };
        }
    }

    /**
     * Evaluates all sets of a stream under the configured protocol.
     *
     * @param sets the sets of the stream, those of the experiences first, in order
     * @param learned number of experiences that were learned
     * @param results takes the result of each set as soon as it is there
     */
    public void evaluate(
            AdaptedClip clip, List<EvaluationSet> sets, int learned, BiConsumer<EvaluationSet, SetResult> results) {
        Map<Dataset, Gallery> galleries = new HashMap<>();
        try (var classifiers = new SharedClassifier(clip)) {
            for (EvaluationSet set : sets) {
                SetResult result = switch (set.supervision()) {
                    case Supervision.Labels _ ->
                        classify(
                                clip,
                                classifiers,
                                set,
                                LabelSpace.of(config.protocol(), set, sets, learned),
                                new Recognition.Tally(sets, learned));
                    case Supervision.Captions captions -> retrieve(clip, set, captions.languages(), galleries);
                    case Supervision.Arriving _ -> throw unknownClasses(set);
                };
                results.accept(set, result);
            }
        }
    }

    private static IllegalArgumentException unknownClasses(EvaluationSet set) {
        return new IllegalArgumentException("the set '" + set.name() + "' does not say which classes it has");
    }

    private SetResult classify(
            AdaptedClip clip,
            SharedClassifier classifiers,
            EvaluationSet set,
            LabelSpace space,
            Recognition.Tally recognition) {
        List<String> names = space.candidates().classNames();
        var tally = new ClassificationTally(names.size());
        List<ShownPrediction> shown = new ArrayList<>();
        List<Decision> decisions = new ArrayList<>();
        ImageClassifier classifier = classifiers.over(space);
        try (var _ = new TensorScope();
                Loader loader = loader(set)) {
            while (loader.hasNext()) {
                LoadedBatch batch = loader.next();
                float[][] probabilities = probabilities(classifier, batch);
                recognize(clip, batch, recognition);
                for (int i = 0; i < batch.size(); i++) {
                    Sample sample = batch.samples().get(i);
                    int label = space.positions().get(sample.label().orElseThrow());
                    tally.add(probabilities[i], label);
                    int best = argmax(probabilities[i]);
                    double probability = Math.min(1, probabilities[i][best]);
                    decisions.add(new Decision(
                            sample.position(),
                            label,
                            best,
                            probability,
                            argmax(probabilities[i], space.positions()),
                            rank(probabilities[i], label)));
                    if (shown.size() < config.pictures()) {
                        shown.add(new ShownPrediction(sample, names.get(label), names.get(best), probability));
                    }
                }
            }
        }
        ClassificationMetrics metrics = tally.metrics();
        SequencedMap<String, Double> further = new LinkedHashMap<>();
        further.put("top-5", percent(metrics.topK(Math.min(5, names.size())), set));
        further.put("mean per-class recall", percent(metrics.meanPerClassRecall(), set));
        recognition.addTo(further);
        return new SetResult(percent(metrics.top1(), set), further, shown, decisions, Optional.empty());
    }

    private float[][] probabilities(ImageClassifier classifier, LoadedBatch batch) {
        try (var _ = new TensorScope()) {
            return Tensors.toRows(classifier.logits(pixels(batch)).softmax(1));
        }
    }

    private static void recognize(AdaptedClip clip, LoadedBatch batch, Recognition.Tally tally) {
        try (var _ = new TensorScope()) {
            clip.recognized(pixels(batch)).ifPresent(tally::add);
        }
    }

    /** The usable images of a set with their features; sets of one data set, such as its languages, share them. */
    private record Gallery(List<Sample> samples, List<float[]> images) {}

    private Gallery gallery(AdaptedClip clip, EvaluationSet set) {
        List<Sample> samples = new ArrayList<>();
        List<float[]> images = new ArrayList<>();
        try (Loader loader = loader(set)) {
            while (loader.hasNext()) {
                LoadedBatch batch = loader.next();
                samples.addAll(batch.samples());
                try (var _ = new TensorScope()) {
                    images.addAll(Arrays.asList(Tensors.toRows(clip.embedImages(pixels(batch)))));
                }
            }
        }
        return new Gallery(samples, images);
    }

    /** Blank captions are left out; an image that no language describes is found or not found by others, but asks nothing. */
    private SetResult retrieve(
            AdaptedClip clip, EvaluationSet set, List<String> languages, Map<Dataset, Gallery> galleries) {
        Gallery gallery = galleries.computeIfAbsent(set.test(), _ -> gallery(clip, set));
        List<float[]> texts = new ArrayList<>();
        List<Integer> imageOfCaption = new ArrayList<>();
        for (String language : languages) {
            List<String> captions = new ArrayList<>();
            for (int image = 0; image < gallery.samples().size(); image++) {
                for (String caption : gallery.samples().get(image).captions(language)) {
                    if (!caption.isBlank()) {
                        captions.add(caption);
                        imageOfCaption.add(image);
                    }
                }
            }
            AdaptedClip reader = clip.in(language);
            for (int from = 0; from < captions.size(); from += TEXT_CHUNK) {
                try (var _ = new TensorScope()) {
                    List<String> chunk = captions.subList(from, Math.min(from + TEXT_CHUNK, captions.size()));
                    texts.addAll(Arrays.asList(Tensors.toRows(reader.embedTexts(chunk))));
                }
            }
        }
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("data set '" + set.name() + "' has no usable caption in " + languages
                    + "; its languages are " + set.test().languages());
        }
        RetrievalMetrics metrics = RetrievalMetrics.ofFeatures(
                gallery.images().toArray(float[][]::new),
                texts.toArray(float[][]::new),
                imageOfCaption.stream().mapToInt(Integer::intValue).toArray());
        SequencedMap<String, Double> further = new LinkedHashMap<>();
        for (int k : new int[] {1, 5, 10}) {
            further.put(RetrievalMetric.IMAGE_TO_TEXT + k, metrics.imageToText().recallAt(k));
            further.put(RetrievalMetric.TEXT_TO_IMAGE + k, metrics.textToImage().recallAt(k));
        }
        return new SetResult(metrics.meanRecall(1, 5, 10), further, List.of(), List.of(), Optional.of(metrics));
    }

    private Loader loader(EvaluationSet set) {
        var sampler = BatchSampler.sequential(set.test().size(), config.batchSize());
        return new Loader(
                set.test(),
                sampler,
                sampler.start(),
                (image, _) -> preprocessing.apply(image),
                new LoaderOptions(config.threads(), PREFETCH, config.maxBadShare(), 0),
                badSamples);
    }

    private static double percent(OptionalDouble value, EvaluationSet set) {
        return value.orElseThrow(() -> new IllegalArgumentException(
                "data set '" + set.name() + "' has no usable test sample; see the list of bad samples"));
    }

    private static Tensor pixels(LoadedBatch batch) {
        int size = batch.imageSize();
        return Tensors.of(batch.pixels(), batch.size(), 3, size, size);
    }

    private static int rank(float[] values, int label) {
        int rank = 1;
        for (int i = 0; i < values.length; i++) {
            rank += values[i] > values[label] || (values[i] == values[label] && i < label) ? 1 : 0;
        }
        return rank;
    }

    /** Returns which of these places holds the largest value. */
    private static int argmax(float[] values, List<Integer> places) {
        int best = 0;
        for (int i = 1; i < places.size(); i++) {
            best = values[places.get(i)] > values[places.get(best)] ? i : best;
        }
        return best;
    }

    private static int argmax(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }
}
