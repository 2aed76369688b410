package dev.perennial.method.distill;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.perennial.clip.Clip;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.tower.TokenBatch;
import dev.perennial.data.Dataset;
import dev.perennial.data.LoadedBatch;
import dev.perennial.method.Batch;
import dev.perennial.method.EndlessBatches;
import dev.perennial.method.FrozenFeatures;
import dev.perennial.method.MethodContext;
import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import dev.perennial.method.tune.Forward;
import dev.perennial.method.tune.Safeguard;
import dev.perennial.method.tune.StartingModel;
import dev.perennial.stream.Experience;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Holds the student to a teacher on reference images and sentences, as LwF, VR-LwF and ZSCL do (Zheng et al. 2023, arXiv 2303.06628,
 * section 3.1, with the notation of its repository).
 */
public final class Distillation implements Safeguard {
    /** Whose answers are to be kept. */
    public enum Source {
        /** The pretrained model's. */
        @JsonProperty("original")
        ORIGINAL,
        /** Those of the model that the last experience left. */
        @JsonProperty("previous")
        PREVIOUS
    }

    /**
     * What is distilled.
     *
     * @param teacher whose answers are kept
     * @param images on which
     * @param sentences compared with which
     * @param studentSentences number of sentences, drawn at random in each step, that the student encodes itself, so that the loss
     *     reaches its text tower; 0 for the teacher's features on both sides, as in ZSCL's repository
     * @param loss how far student and teacher are from each other
     * @param cache whether the teacher's answers are computed once
     */
    public record Design(
            Source teacher,
            ReferenceImages images,
            Sentences sentences,
            int studentSentences,
            DistillationLoss loss,
            boolean cache) {}

    private final Clip student;
    private final Design design;
    private final MethodContext context;
    private final EndlessBatches batches;
    private final RandomStream seeds;
    private final RandomStream choice;
    private long sentenceSeed;
    private Optional<Teacher> teacher = Optional.empty();

    /** Creates the safeguard of a student. */
    public Distillation(Clip student, Design design, MethodContext context) {
        this.student = student;
        this.design = design;
        this.context = context;
        this.batches = EndlessBatches.plain(context.images(), context.random().stream("reference order"));
        this.seeds = context.random().stream("reference sentences");
        this.choice = context.random().stream("student sentences");
    }

    @Override
    public String name() {
        return "distillation";
    }

    @Override
    public void begin(Experience experience, StartingModel start) {
        sentenceSeed = seeds.nextLong();
        prepare(experience, start).ifPresent(batches::start);
    }

    @Override
    public void resume(Experience experience, StartingModel start) {
        prepare(experience, start).ifPresent(batches::goOn);
    }

    private Optional<Dataset> prepare(Experience experience, StartingModel start) {
        Optional<Dataset> images =
                design.loss().isNothing() ? Optional.empty() : design.images().of(experience);
        if (images.isPresent() && teacher.isEmpty()) {
            boolean original = design.teacher() == Source.ORIGINAL;
            List<int[]> sentences = new SentenceTokens(student.tokenizer(), context.data())
                    .of(design.sentences(), experience, sentenceSeed);
            Clip model = original ? context.pretrained().get() : start.model();
            teacher = Optional.of(new Teacher(model, original, design.cache(), images.get(), sentences, context));
        }
        return images;
    }

    @Override
    public Optional<Tensor> term(Batch batch, Forward forward) {
        return teacher.map(this::term);
    }

    /** Zt = s Vt U', Zs = s Vs U', L = T^2 (w_i mean D(Zt, Zs) + w_t mean D(Zt', Zs')). */
    private Tensor term(Teacher old) {
        LoadedBatch reference = batches.next();
        Tensor pixels = FrozenFeatures.pixels(reference);
        Tensor teacherTexts = old.sentenceFeatures();
        Tensor studentTexts = teacherTexts;
        if (design.studentSentences() > 0) {
            int[] drawn = drawn(old.sentences().size());
            teacherTexts = teacherTexts.index_select(0, Tensors.indices(drawn));
            studentTexts = Tensors.normalized(student.encodeTexts(TokenBatch.of(
                    Arrays.stream(drawn).mapToObj(old.sentences()::get).toList(),
                    student.tokenizer().endId())));
        }
        Tensor teacherLogits =
                old.imageFeatures(reference, pixels).matmul(teacherTexts.t()).mul(new Scalar(old.logitScale()));
        Tensor studentLogits = Tensors.normalized(student.encodeImages(pixels))
                .matmul(studentTexts.t())
                .mul(student.parameters().get("logit_scale").exp());
        return design.loss().of(teacherLogits, studentLogits);
    }

    private int[] drawn(int sentences) {
        return Arrays.copyOf(choice.permutation(sentences), Math.min(sentences, design.studentSentences()));
    }

    @Override
    public void end(Experience experience, StartingModel start) {
        batches.close();
        boolean stays = design.teacher() == Source.ORIGINAL
                && design.images().areFixed()
                && design.sentences().areFixed();
        if (!stays) {
            dismissTeacher();
        }
    }

    private void dismissTeacher() {
        teacher.ifPresent(Teacher::close);
        teacher = Optional.empty();
    }

    @Override
    public void save(StateWriter state) {
        state.record().put("sentence-seed", sentenceSeed);
        batches.save(state.record());
    }

    @Override
    public void restore(StateReader state) {
        // Another teacher may have been at work before.
        dismissTeacher();
        sentenceSeed = state.record().path("sentence-seed").asLong(0);
        batches.restore(state.record());
    }

    @Override
    public void close() {
        batches.close();
        dismissTeacher();
        design.images().close();
    }
}
