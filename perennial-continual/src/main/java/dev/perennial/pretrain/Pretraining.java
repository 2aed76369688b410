package dev.perennial.pretrain;

import dev.perennial.clip.Clip;
import dev.perennial.clip.checkpoint.StoredType;
import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.ModelConfigs;
import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.loss.ContrastiveLoss;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.text.BpeTrainer;
import dev.perennial.clip.text.Tokenizer;
import dev.perennial.clip.text.Vocabulary;
import dev.perennial.clip.tower.Initialization;
import dev.perennial.clip.tower.Parameters;
import dev.perennial.clip.tower.TokenBatch;
import dev.perennial.data.BadSamples;
import dev.perennial.data.BatchSampler;
import dev.perennial.data.LoadedBatch;
import dev.perennial.data.Loader;
import dev.perennial.data.LoaderOptions;
import dev.perennial.data.Sample;
import dev.perennial.evaluate.Evaluator;
import dev.perennial.method.ParameterGroup;
import dev.perennial.method.ParameterGroups;
import dev.perennial.method.PlainClip;
import dev.perennial.stream.EvaluationSet;
import dev.perennial.train.AdamW;
import dev.perennial.train.OptimizerStep;
import dev.perennial.train.Schedule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * Trains a CLIP from scratch by contrast (Radford et al. 2021, section 2.3), its vocabulary first.
 *
 * <p>The model is written to the folder at every validation, so an interrupted training leaves the last validated model.
 */
public final class Pretraining {
    private static final int PREFETCH = 4;
    private static final int LENGTH_GROUPS = 4;
    /** Steps between two reports. */
    private static final int REPORT_EVERY = 20;

    private final PretrainConfig config;
    private final PretrainData data;
    private final List<EvaluationSet> validation;
    private final Consumer<PretrainReport> listener;
    private final RandomStreams random;
    private final BadSamples badSamples = new BadSamples();

    /** Creates the training over opened data, which stay the caller's to close. */
    public Pretraining(
            PretrainConfig config,
            PretrainData data,
            List<EvaluationSet> validation,
            Consumer<PretrainReport> listener) {
        this.config = config;
        this.data = data;
        this.validation = validation;
        this.listener = listener;
        this.random = new RandomStreams(config.seed());
    }

    /** Trains and writes the model in the Hugging Face layout. */
    public void run(Path folder) {
        ClipConfig asked = ModelConfigs.parse(config.model().toString());
        Tokenizer tokenizer = tokenizer(asked);
        ClipConfig sizes = fitted(asked, tokenizer);
        Parameters parameters = Initialization.draw(sizes, random.stream("initial weights"));
        try (Clip clip = new Clip(
                        sizes,
                        parameters,
                        tokenizer,
                        Preprocessing.openai(sizes.vision().imageSize()));
                WeightAverage average = new WeightAverage(parameters, config.averageDecay())) {
            train(clip, average, folder);
        }
    }

    private Tokenizer tokenizer(ClipConfig sizes) {
        List<String> corpus = data.corpus();
        Vocabulary vocabulary = new BpeTrainer(sizes.text().vocabularySize()).train(corpus);
        Tokenizer tokenizer =
                new Tokenizer(vocabulary).withContextLength(sizes.text().contextLength());
        listener.accept(new PretrainReport.VocabularyTrained(tokenizer.vocabularySize(), corpus.size()));
        return tokenizer;
    }

    /** The sizes with the vocabulary that the captions gave, which can be smaller than was asked for. */
    private static ClipConfig fitted(ClipConfig sizes, Tokenizer tokenizer) {
        var text = sizes.text();
        return new ClipConfig(
                sizes.embedDim(),
                sizes.vision(),
                new dev.perennial.clip.config.TextConfig(
                        text.contextLength(), tokenizer.vocabularySize(), tokenizer.endId(), text.transformer()));
    }

    private void train(Clip clip, WeightAverage average, Path folder) {
        int steps = config.training().steps().orElseThrow();
        Schedule schedule = new Schedule(config.training().warmUp(), steps);
        RandomStream texts = random.stream("texts");
        clip.parameters().train(_ -> true);
        List<ParameterGroup> groups = ParameterGroups.byDecay(clip.parameters().trained());
        long began = System.nanoTime();
        try (AdamW optimizer = new AdamW(groups, config.training().optimizer());
                Loader loader = loader(clip.preprocessing(), steps)) {
            var step = new OptimizerStep(
                    groups,
                    optimizer,
                    config.training().precision(),
                    config.training().clipNorm());
            for (int s = 0; s < steps; s++) {
                LoadedBatch batch = loader.next();
                OptimizerStep.Outcome outcome = step.take(
                        "step " + (s + 1),
                        List.of(() -> loss(clip, batch, texts)),
                        config.training().learningRate() * schedule.factor(s));
                ContrastiveLoss.clampLogitScale(clip.parameters().get("logit_scale"));
                average.update(clip.parameters());
                if ((s + 1) % REPORT_EVERY == 0 || s + 1 == steps) {
                    report(s + 1, steps, outcome.loss(), began);
                }
                if ((s + 1) % config.validateEvery() == 0 || s + 1 == steps) {
                    validate(clip, average, s + 1, folder);
                }
            }
        }
    }

    private Tensor loss(Clip clip, LoadedBatch batch, RandomStream texts) {
        return TensorScope.compute(() -> {
            List<Sample> samples = batch.samples();
            List<String> descriptions =
                    samples.stream().map(sample -> data.describe(sample, texts)).toList();
            int size = batch.imageSize();
            Tensor pixels = Tensors.of(batch.pixels(), samples.size(), 3, size, size);
            return ContrastiveLoss.grouped(
                    clip.encodeImages(pixels),
                    encodedByLength(clip, descriptions),
                    clip.parameters().get("logit_scale"),
                    samples.stream().mapToLong(data::group).toArray());
        });
    }

    /** Encodes texts in groups of similar length, so that short class prompts are not padded to the longest caption. */
    private static Tensor encodedByLength(Clip clip, List<String> descriptions) {
        List<int[]> ids = clip.tokenizer().encodeAll(descriptions);
        List<Integer> byLength = IntStream.range(0, ids.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> ids.get(i).length))
                .toList();
        int chunk = Math.ceilDiv(byLength.size(), LENGTH_GROUPS);
        List<Tensor> encoded = new ArrayList<>();
        for (int from = 0; from < byLength.size(); from += chunk) {
            List<int[]> group = byLength.subList(from, Math.min(from + chunk, byLength.size())).stream()
                    .map(ids::get)
                    .toList();
            encoded.add(clip.encodeTexts(TokenBatch.of(group, clip.tokenizer().endId())));
        }
        int[] place = new int[byLength.size()];
        for (int i = 0; i < place.length; i++) {
            place[byLength.get(i)] = i;
        }
        return Tensors.concat(0, encoded.toArray(Tensor[]::new)).index_select(0, Tensors.indices(place));
    }

    private Loader loader(Preprocessing preprocessing, int steps) {
        int[] order = data.mixture(random)
                .draw(Math.multiplyExact(steps, config.training().batchSize()));
        var sampler = BatchSampler.ordered(order, config.training().batchSize()).endless();
        return new Loader(
                data.all(),
                sampler,
                sampler.start(),
                config.training().augmentation().preparation(preprocessing),
                new LoaderOptions(
                        config.training().threads(),
                        PREFETCH,
                        config.training().maxBadShare(),
                        random.stream("augmentation").nextLong()),
                badSamples);
    }

    private void report(int step, int steps, double loss, long began) {
        double seconds = (System.nanoTime() - began) / 1e9;
        double rate = step * (double) config.training().batchSize() / seconds;
        listener.accept(new PretrainReport.Stepped(step, steps, loss, rate, seconds / step * (steps - step)));
    }

    private void validate(Clip clip, WeightAverage average, int step, Path folder) {
        Parameters judged = config.averageDecay() > 0 ? average.average() : clip.parameters();
        try (Clip snapshot = new Clip(clip.config(), judged.copy(), clip.tokenizer(), clip.preprocessing())) {
            snapshot.save(folder, StoredType.F16);
            var evaluator = new Evaluator(clip.preprocessing(), config.evaluation(), badSamples);
            SequencedMap<String, Double> scores = new LinkedHashMap<>();
            for (EvaluationSet set : validation) {
                Evaluator.SetResult result = evaluator.evaluate(new PlainClip(snapshot), set);
                scores.put(set.name(), result.score());
                result.further().forEach((title, value) -> scores.put(set.name() + " " + title, value));
            }
            listener.accept(new PretrainReport.Validated(step, scores));
        }
    }
}
