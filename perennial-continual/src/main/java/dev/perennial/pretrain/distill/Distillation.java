package dev.perennial.pretrain.distill;

import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.data.Sample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Tensor;

/**
 * The teachers' part of a loss. The student's two towers learn from two teachers that were never trained together: an image model
 * whose features and class scores it imitates, and a text model whose sentence embeddings it imitates. The class scores tie
 * the towers: they are imitated over embeddings of the classes' names (in the spirit of TinyCLIP, Wu et al. 2023, arXiv
 * 2309.12314, whose teacher is a CLIP itself).
 */
public final class Distillation implements AutoCloseable {
    private final Optional<FeatureTeacher> features;
    private final Optional<LabelTeacher> labels;
    private final Optional<SentenceTeacher> sentences;

    /** Creates the teachers' part; it closes what it is given. */
    Distillation(
            Optional<FeatureTeacher> features, Optional<LabelTeacher> labels, Optional<SentenceTeacher> sentences) {
        this.features = features;
        this.labels = labels;
        this.sentences = sentences;
    }

    /**
     * What the teachers talk about in a step beside the batch.
     *
     * @param classes classes of the image teacher that are compared
     * @param prompts one for each class
     * @param words texts that only the text teacher explains
     */
    public record Topics(List<Integer> classes, List<String> prompts, List<String> words) {
        /** Returns the texts that the student must encode. */
        public List<String> texts() {
            List<String> texts = new ArrayList<>(prompts);
            texts.addAll(words);
            return texts;
        }
    }

    /** Draws the topics of a step. */
    public Topics draw(List<Sample> samples, RandomStream random) {
        List<Integer> classes =
                labels.map(teacher -> teacher.classes(samples, random)).orElse(List.of());
        List<String> prompts =
                labels.map(teacher -> teacher.prompts(classes, random)).orElse(List.of());
        return new Topics(
                classes,
                prompts,
                sentences.map(teacher -> teacher.words(random)).orElse(List.of()));
    }

    /**
     * Returns the loss of a step, a scalar.
     *
     * @param images the student's embeddings, {@code [batch, embedDim]}
     * @param texts all texts of the step, without repetition
     * @param encoded the student's embeddings of them, {@code [texts, embedDim]}
     */
    public Tensor loss(
            Topics topics, List<Sample> samples, Tensor images, List<String> texts, Tensor encoded, Tensor logitScale) {
        return TensorScope.compute(() -> {
            List<Tensor> parts = new ArrayList<>();
            features.ifPresent(teacher -> parts.add(teacher.loss(samples, images)));
            labels.ifPresent(teacher -> {
                Map<String, Integer> places = new HashMap<>();
                texts.forEach(text -> places.put(text, places.size()));
                int[] rows = topics.prompts().stream().mapToInt(places::get).toArray();
                parts.add(teacher.loss(topics.classes(), samples, images, encoded, rows, logitScale));
            });
            sentences.ifPresent(teacher -> parts.add(teacher.loss(texts, encoded)));
            return parts.stream().reduce(Tensor::add).orElseThrow();
        });
    }

    /** Returns the heads that are trained with the student and thrown away, by name. */
    public SequencedMap<String, Tensor> heads() {
        SequencedMap<String, Tensor> heads = new LinkedHashMap<>();
        features.ifPresent(teacher -> heads.put("distillation.features", teacher.head()));
        sentences.ifPresent(teacher -> heads.put("distillation.sentences", teacher.head()));
        return heads;
    }

    @Override
    public void close() {
        features.ifPresent(FeatureTeacher::close);
        labels.ifPresent(LabelTeacher::close);
        sentences.ifPresent(SentenceTeacher::close);
    }
}
