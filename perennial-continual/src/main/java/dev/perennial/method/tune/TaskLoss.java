package dev.perennial.method.tune;

import dev.perennial.clip.Clip;
import dev.perennial.clip.loss.ContrastiveLoss;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.tower.TokenBatch;
import dev.perennial.clip.tower.TowerSites;
import dev.perennial.data.Sample;
import dev.perennial.method.Batch;
import dev.perennial.stream.Supervision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The loss of learning itself: cross entropy over the classes of an experience, or CLIP's contrast over its captions. */
public final class TaskLoss {
    private final Clip clip;
    private final UnaryOperator<Tensor> images;
    private final Function<TokenBatch, Tensor> texts;
    private final Matching matching;
    private final RandomStream captionChoice;
    private final Map<Supervision.Labels, TokenBatch> prompts = new HashMap<>();

    /** Creates the loss of a model that is trained. */
    public TaskLoss(Clip clip, double labelSmoothing, RandomStream captionChoice) {
        this(clip, Matching.withAll(labelSmoothing), captionChoice);
    }

    /** Creates the loss of a model that is trained, with a say in which classes images are matched. */
    public TaskLoss(Clip clip, Matching matching, RandomStream captionChoice) {
        this(clip, clip::encodeImages, clip::encodeTexts, matching, captionChoice);
    }

    /** Creates the loss of a model with what a method has attached to its towers. */
    public TaskLoss(
            Clip clip, TowerSites imageSites, TowerSites textSites, double labelSmoothing, RandomStream captionChoice) {
        this(
                clip,
                pixels -> clip.encodeImages(pixels, imageSites),
                tokens -> clip.encodeTexts(tokens, textSites),
                Matching.withAll(labelSmoothing),
                captionChoice);
    }

    private TaskLoss(
            Clip clip,
            UnaryOperator<Tensor> images,
            Function<TokenBatch, Tensor> texts,
            Matching matching,
            RandomStream captionChoice) {
        this.clip = clip;
        this.images = images;
        this.texts = texts;
        this.matching = matching;
        this.captionChoice = captionChoice;
    }

    /** Encodes a batch of an experience. */
    public Forward forward(Batch batch) {
        return switch (batch.supervision()) {
            case Supervision.Labels labels -> labelled(batch.pixels(), batch.labels(), promptsOf(labels));
            case Supervision.Arriving _ ->
                throw new IllegalArgumentException(
                        "a batch of '" + batch.experience().name() + "' does not say which classes have been seen");
            case Supervision.Captions captions ->
                captioned(
                        batch.pixels(),
                        batch.samples().stream()
                                .map(sample -> chosen(captions(sample, captions.languages())))
                                .toList());
        };
    }

    /**
     * Encodes images with the classes that they are matched with; the prompts of these are encoded anew in every step.
     *
     * @param classPrompts of all classes, in the order of the labels
     */
    public Forward labelled(Tensor pixels, long[] labels, TokenBatch classPrompts) {
        Matching.Among among = matching.among(labels, classPrompts.size());
        TokenBatch prompts = among.isAll() ? classPrompts : classPrompts.select(among.classes());
        Tensor encoded = images.apply(pixels);
        Tensor classes = texts.apply(prompts);
        Tensor logits = ContrastiveLoss.logits(encoded, classes, logScale());
        return new Forward(
                encoded, classes, prompts, among.matches(), List.of(), matching.loss(logits, among.matches()));
    }

    /** Encodes images with one caption each, under CLIP's own loss. */
    public Forward captioned(Tensor pixels, List<String> captions) {
        TokenBatch tokens = clip.tokens(captions);
        Tensor encoded = images.apply(pixels);
        Tensor described = texts.apply(tokens);
        long[] pairs = LongStream.range(0, captions.size()).toArray();
        return new Forward(
                encoded, described, tokens, pairs, captions, ContrastiveLoss.clip(encoded, described, logScale()));
    }

    /**
     * Returns the mean over rows of {@code (1 - s) (-ln p_label) + s / K sum_k (-ln p_k)}, a scalar.
     *
     * @param logits {@code [batch, K]}
     * @param smoothing s, in {@code [0, 1)}
     */
    public static Tensor crossEntropy(Tensor logits, long[] labels, double smoothing) {
        return torch.cross_entropy_loss(
                logits,
                Tensors.of(labels, labels.length),
                Tensors.none(),
                1, // mean over the batch
                -100, // no label is ignored
                smoothing);
    }

    /** Returns one prompt for each class: training describes a class by the first template alone, evaluation uses all. */
    public static List<String> prompts(Supervision.Labels labels) {
        return labels.classNames().stream()
                .map(name -> labels.templates().fill(name).getFirst())
                .toList();
    }

    /**
     * Returns the captions of a sample in these languages.
     *
     * @throws IllegalStateException if it has none
     */
    public static List<String> captions(Sample sample, List<String> languages) {
        List<String> captions = new ArrayList<>();
        languages.forEach(language -> sample.captions(language).stream()
                .filter(caption -> !caption.isBlank())
                .forEach(captions::add));
        if (captions.isEmpty()) {
            throw new IllegalStateException("sample '" + sample.key() + "' has no caption in " + languages);
        }
        return captions;
    }

    /** Returns one of the captions at random. */
    public String chosen(List<String> captions) {
        return captions.get(captionChoice.nextInt(captions.size()));
    }

    private TokenBatch promptsOf(Supervision.Labels labels) {
        return prompts.computeIfAbsent(labels, _ -> clip.tokens(prompts(labels)));
    }

    private Tensor logScale() {
        return clip.parameters().get("logit_scale");
    }
}
