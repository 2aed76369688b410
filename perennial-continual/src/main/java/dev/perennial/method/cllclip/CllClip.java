package dev.perennial.method.cllclip;

import dev.perennial.clip.Clip;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.tower.TokenBatch;
import dev.perennial.data.Sample;
import dev.perennial.method.AdaptedClip;
import dev.perennial.method.Batch;
import dev.perennial.method.LearningPlan;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodState;
import dev.perennial.method.MethodTable;
import dev.perennial.method.ParameterGroup;
import dev.perennial.method.PlainClip;
import dev.perennial.method.RowScales;
import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import dev.perennial.method.vocabulary.GrowingVocabulary;
import dev.perennial.stream.Experience;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Tensor;

/**
 * CLL-CLIP with TEIR (Yang et al. 2024, arXiv 2401.17186): the vocabulary grows with each language and only token embeddings are trained,
 * against features of images and English captions that the pretrained model gave once.
 */
final class CllClip implements Method {
    private static final String TEMPERATURE = "temperature";

    private final Clip clip;
    private final CllClipProvider.Options options;
    private final MethodContext context;
    private final CaptionLoss loss;
    private final GrowingVocabulary vocabulary;
    private final TokenUse use;
    private final TeacherFeatures teacher;
    private final RandomStream choice;
    private final MovedRows moved = new MovedRows();
    private long seed;
    private Optional<Tensor> temperature = Optional.empty();
    private Optional<Learning> learning = Optional.empty();

    /** What is needed while an experience is learned. */
    private record Learning(Experience experience, Course course, TokenCounts counts, Optional<RowScales> scales) {}

    CllClip(Clip clip, CllClipProvider.Options options, MethodContext context) {
        this.clip = clip;
        this.options = options;
        this.context = context;
        this.loss = new CaptionLoss(options.crossLingual(), options.crossModal());
        this.vocabulary = new GrowingVocabulary(clip, options.vocabulary());
        this.use = new TokenUse(clip.config().text().vocabularySize());
        this.teacher = new TeacherFeatures(clip, context);
        this.choice = context.random().stream("joint captions");
        clip.parameters().train(Clip.TOKEN_EMBEDDING::equals);
    }

    @Override
    public LearningPlan begin(Experience experience) {
        seed = choice.nextLong();
        List<Caption> captions = captions(experience);
        vocabulary.grow(textsByLanguage(options.joint() ? pool() : captions));
        use.grow(clip.config().text().vocabularySize());
        temperature(options.temperature());
        return plan(experience, captions);
    }

    @Override
    public LearningPlan resume(Experience experience) {
        return plan(experience, captions(experience));
    }

    /** In joint training as many captions as the experience has, but of all the stream. */
    private List<Caption> captions(Experience experience) {
        List<Caption> own = Caption.of(experience, options.sourceLanguage());
        if (!options.joint()) {
            return own;
        }
        List<Caption> pool = pool();
        int[] order = new RandomStream(seed).permutation(pool.size());
        return Arrays.stream(order, 0, Math.min(own.size(), order.length))
                .mapToObj(pool::get)
                .toList();
    }

    private List<Caption> pool() {
        List<Caption> pool = new ArrayList<>();
        context.data().stream().forEach(experience -> pool.addAll(Caption.of(experience, options.sourceLanguage())));
        return pool;
    }

    private static SequencedMap<String, List<String>> textsByLanguage(List<Caption> captions) {
        SequencedMap<String, List<String>> texts = new LinkedHashMap<>();
        captions.forEach(caption -> texts.computeIfAbsent(caption.language(), _ -> new ArrayList<>())
                .add(caption.text()));
        return texts;
    }

    private LearningPlan plan(Experience experience, List<Caption> captions) {
        dismiss();
        Course course = Course.of(experience, captions, clip.tokenizer(), teacher);
        var counts =
                new TokenCounts(course.lessons().list(), clip.config().text().vocabularySize());
        TeirOptions teir = options.teir();
        Optional<RowScales> scales = teir.scales()
                ? Optional.of(TokenUse.rowScales(
                        scales(counts), teir.gradient(), teir.decay(), teir.on() == TeirOptions.Scaled.STEP))
                : Optional.empty();
        learning = Optional.of(new Learning(experience, course, counts, scales));
        SequencedMap<String, Tensor> embedding = new LinkedHashMap<>();
        embedding.put(Clip.TOKEN_EMBEDDING, clip.parameters().get(Clip.TOKEN_EMBEDDING));
        SequencedMap<String, Tensor> cosineFactor = new LinkedHashMap<>();
        cosineFactor.put(TEMPERATURE, temperature.orElseThrow());
        return new LearningPlan.Examples(
                List.of(
                        new ParameterGroup(
                                "token embedding",
                                embedding,
                                1,
                                true,
                                scales.map(of -> Map.of(Clip.TOKEN_EMBEDDING, of))
                                        .orElse(Map.of())),
                        new ParameterGroup(TEMPERATURE, cosineFactor, 1, false)),
                course.lessons());
    }

    private float[] scales(TokenCounts counts) {
        return use.scales(
                counts.used(), clip.tokenizer().startId(), clip.tokenizer().endId());
    }

    private void temperature(double value) {
        temperature.ifPresent(Tensor::close);
        try (var _ = new TensorScope()) {
            Tensor created = Tensors.of(new float[] {(float) value}, 1).retainReference();
            temperature = Optional.of(created.set_requires_grad(true));
        }
    }

    @Override
    public Tensor loss(Batch batch) {
        Course course = learning.orElseThrow(() -> new IllegalStateException("no experience began"))
                .course();
        List<Lesson> lessons = batch.samples().stream()
                .map(Sample::position)
                .map(course.lessons().list()::get)
                .toList();
        Tensor tau = temperature.orElseThrow();
        CaptionLoss.clamp(tau);
        boolean[] hasTarget = new boolean[lessons.size()];
        for (int i = 0; i < hasTarget.length; i++) {
            hasTarget[i] = lessons.get(i).target() >= 0;
        }
        return TensorScope.compute(() -> {
            Tensor captions = clip.encodeTexts(TokenBatch.of(
                    lessons.stream().map(Lesson::tokens).toList(),
                    clip.tokenizer().endId()));
            return loss.of(
                            captions,
                            course.targets(lessons),
                            hasTarget,
                            course.images(lessons),
                            lessons.stream().mapToLong(Lesson::imageId).toArray(),
                            tau)
                    .total();
        });
    }

    @Override
    public void end() {
        Learning learned = learning.orElseThrow(() -> new IllegalStateException("an experience ends that never began"));
        moved.add(
                learned.experience().name(),
                movedRows(learned),
                learned.counts().byLanguage(),
                options.sourceLanguage());
        use.learned(options.teir().counting().of(learned.counts()));
        dismiss();
        temperature.ifPresent(Tensor::close);
        temperature = Optional.empty();
    }

    private BitSet movedRows(Learning learned) {
        var rows = new BitSet();
        learned.scales()
                .ifPresentOrElse(
                        scales -> Arrays.stream(Tensors.toLongs(scales.rows())).forEach(row -> rows.set((int) row)),
                        () -> rows.set(0, clip.config().text().vocabularySize()));
        return rows;
    }

    private void dismiss() {
        learning.ifPresent(past -> {
            past.course().close();
            past.scales().ifPresent(CllClip::close);
        });
        learning = Optional.empty();
    }

    private static void close(RowScales scales) {
        scales.rows().close();
        scales.gradient().close();
        scales.decay().close();
    }

    @Override
    public AdaptedClip adapted() {
        return new PlainClip(clip);
    }

    @Override
    public boolean keepsUnseenImages() {
        return true;
    }

    @Override
    public List<MethodTable> tables() {
        return moved.isEmpty() ? List.of() : List.of(moved.table(clip.tokenizer()));
    }

    @Override
    public MethodState save() {
        var state = new StateWriter();
        state.tensor(Clip.TOKEN_EMBEDDING, clip.parameters().get(Clip.TOKEN_EMBEDDING));
        temperature.ifPresent(tau -> state.tensor(TEMPERATURE, tau));
        state.record().put("seed", seed);
        vocabulary.save(state.piece("vocabulary"));
        use.save(state.piece("use"));
        moved.save(state.piece("rows"));
        return state.state();
    }

    @Override
    public void restore(MethodState saved) {
        dismiss();
        var state = new StateReader(saved);
        seed = state.record().required("seed").asLong();
        vocabulary.restore(state.piece("vocabulary"));
        state.copyTo(Map.of(Clip.TOKEN_EMBEDDING, clip.parameters().get(Clip.TOKEN_EMBEDDING)));
        use.restore(state.piece("use"));
        moved.restore(state.piece("rows"));
        temperature.ifPresent(Tensor::close);
        temperature = Optional.empty();
        if (state.has(TEMPERATURE)) {
            temperature(options.temperature());
            state.copyTo(Map.of(TEMPERATURE, temperature.orElseThrow()));
        }
    }

    /** The temperature counts too while it is learned. */
    @Override
    public long parameterCount() {
        return clip.parameters().count() + 1;
    }

    @Override
    public void close() {
        dismiss();
        temperature.ifPresent(Tensor::close);
        temperature = Optional.empty();
        clip.close();
    }
}
