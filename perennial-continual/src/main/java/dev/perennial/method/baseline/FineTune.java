package dev.perennial.method.baseline;

import dev.perennial.clip.Clip;
import dev.perennial.clip.TensorStorage;
import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.loss.ContrastiveLoss;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.data.Sample;
import dev.perennial.method.AdaptedClip;
import dev.perennial.method.Batch;
import dev.perennial.method.LearningPlan;
import dev.perennial.method.Method;
import dev.perennial.method.MethodState;
import dev.perennial.method.ParameterGroups;
import dev.perennial.method.Part;
import dev.perennial.method.PlainClip;
import dev.perennial.stream.Experience;
import dev.perennial.stream.Supervision;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Continual fine-tuning: each experience starts from the weights that the last one left (the baseline of ZSCL, Zheng et al. 2023,
 * arXiv 2303.06628). It learns well and forgets freely.
 */
final class FineTune implements Method {
    private final Clip clip;
    private final FineTuneProvider.Options options;
    private final RandomStream captionChoice;
    private List<String> prompts = List.of();

    FineTune(Clip clip, FineTuneProvider.Options options, RandomStream captionChoice) {
        this.clip = clip;
        this.options = options;
        this.captionChoice = captionChoice;
        clip.parameters().train(name -> options.train().contains(Part.of(name)));
    }

    @Override
    public LearningPlan begin(Experience experience) {
        if (experience.supervision() instanceof Supervision.Labels labels) {
            // Training describes a class by the first template alone; evaluation uses all.
            prompts = labels.classNames().stream()
                    .map(name -> labels.templates().fill(name).getFirst())
                    .toList();
        }
        return new LearningPlan.Gradients(
                ParameterGroups.byDecay(clip.parameters().trained()));
    }

    @Override
    public LearningPlan resume(Experience experience) {
        // Nothing is prepared but what follows from the experience.
        return begin(experience);
    }

    @Override
    public Tensor loss(Batch batch) {
        return TensorScope.compute(() -> switch (batch.experience().supervision()) {
            case Supervision.Labels _ -> classificationLoss(batch);
            case Supervision.Captions captions -> captionLoss(batch, captions.languages());
        });
    }

    /** Cross entropy over the classes of the experience, whose prompts are encoded anew in every step. */
    private Tensor classificationLoss(Batch batch) {
        Tensor images = clip.encodeImages(batch.pixels());
        Tensor classes = clip.encodeTexts(clip.tokens(prompts));
        Tensor logits =
                ContrastiveLoss.logits(images, classes, clip.parameters().get("logit_scale"));
        long[] labels = batch.labels();
        return torch.cross_entropy_loss(
                logits,
                Tensors.of(labels, labels.length),
                Tensors.none(),
                1, // mean over the batch
                -100, // no label is ignored
                options.labelSmoothing());
    }

    /** CLIP's own loss over the pairs of the batch, with one of each image's captions. */
    private Tensor captionLoss(Batch batch, List<String> languages) {
        List<String> captions = batch.samples().stream()
                .map(sample -> chosenCaption(sample, languages))
                .toList();
        return ContrastiveLoss.clip(
                clip.encodeImages(batch.pixels()),
                clip.encodeTexts(clip.tokens(captions)),
                clip.parameters().get("logit_scale"));
    }

    private String chosenCaption(Sample sample, List<String> languages) {
        List<String> captions = languages.stream()
                .flatMap(language -> sample.captions().getOrDefault(language, List.of()).stream())
                .toList();
        if (captions.isEmpty()) {
            throw new IllegalStateException("sample '" + sample.key() + "' has no caption in " + languages);
        }
        return captions.get(captionChoice.nextInt(captions.size()));
    }

    @Override
    public void stepped(int step) {
        if (options.train().contains(Part.LOGIT_SCALE)) {
            ContrastiveLoss.clampLogitScale(clip.parameters().get("logit_scale"));
        }
    }

    @Override
    public void end() {}

    @Override
    public AdaptedClip adapted() {
        return new PlainClip(clip);
    }

    @Override
    public MethodState save() {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        clip.parameters().trained().forEach((name, tensor) -> tensors.put(name, TensorStorage.view(name, tensor)));
        return new MethodState(tensors, JsonNodeFactory.instance.objectNode());
    }

    @Override
    public void restore(MethodState state) {
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            state.tensors()
                    .forEach((name, stored) -> clip.parameters().get(name).copy_(TensorStorage.load(stored)));
        }
    }

    @Override
    public long parameterCount() {
        return clip.parameters().count();
    }

    @Override
    public void close() {
        clip.close();
    }
}
