package dev.perennial.pretrain.distill;

import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.text.Tokenizer;
import dev.perennial.teacher.TeacherTable;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * A text model's sentence embeddings, which a linear map of the student's embedding must point along. Beside the texts of the
 * batch it explains single words, so that the student has an idea of names that no image of its own shows.
 */
final class SentenceTeacher implements AutoCloseable {
    /** Whole words of CLIP's vocabulary: shorter or capitalised pieces mean little alone. */
    private static final Pattern WORD = Pattern.compile("([a-z]{3,})</w>");

    private final DistillationConfig.TextModel config;
    private final TeacherTable table;
    private final Head head;
    private final Map<String, Integer> rows = new LinkedHashMap<>();
    private final List<String> words;

    SentenceTeacher(
            DistillationConfig.TextModel config,
            List<String> texts,
            TeacherTable table,
            int embedDim,
            RandomStream random) {
        this.config = config;
        this.table = table;
        this.head = new Head(embedDim, table.width("texts"), random);
        this.words = wordPrompts(config);
        for (String text : texts) {
            rows.put(text, rows.size());
        }
    }

    /** Returns all texts that the teacher must explain, without repetition. */
    static List<String> texts(DistillationConfig.TextModel config, List<String> own) {
        Set<String> texts = new LinkedHashSet<>(own);
        texts.addAll(wordPrompts(config));
        return List.copyOf(texts);
    }

    private static List<String> wordPrompts(DistillationConfig.TextModel config) {
        if (config.words() == 0) {
            return List.of();
        }
        return Tokenizer.openai().vocabulary().tokens().stream()
                .map(WORD::matcher)
                .filter(Matcher::matches)
                .map(matcher -> "a photo of a " + matcher.group(1) + ".")
                .toList();
    }

    Tensor head() {
        return head.weight();
    }

    List<String> words(RandomStream random) {
        return IntStream.range(0, config.words())
                .mapToObj(_ -> words.get(random.nextInt(words.size())))
                .toList();
    }

    Tensor loss(List<String> texts, Tensor encoded) {
        return TensorScope.compute(() -> {
            int[] positions = texts.stream().mapToInt(this::row).toArray();
            Tensor teacher = Tensors.of(table.rows("texts", positions), positions.length, table.width("texts"));
            return head.distance(encoded, teacher).mul(new Scalar(config.weight()));
        });
    }

    private int row(String text) {
        Integer row = rows.get(text);
        if (row == null) {
            throw new IllegalStateException("the text teacher was not asked about '" + text + "'");
        }
        return row;
    }

    @Override
    public void close() {
        head.close();
        table.close();
    }
}
