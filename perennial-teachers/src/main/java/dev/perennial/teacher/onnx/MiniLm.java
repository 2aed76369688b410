package dev.perennial.teacher.onnx;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import dev.perennial.teacher.TextTeacher;
import java.util.List;

/** The sentence encoder all-MiniLM-L6-v2, 384 numbers a text (Wang et al. 2020, arXiv 2002.10957; Apache-2.0). */
public final class MiniLm implements TextTeacher {
    /** The name in configurations. */
    public static final String NAME = "all-minilm-l6-v2";

    private final EmbeddingModel model = new AllMiniLmL6V2EmbeddingModel();

    @Override
    public float[][] embed(List<String> texts) {
        return model.embedAll(texts.stream().map(TextSegment::from).toList()).content().stream()
                .map(embedding -> embedding.vector())
                .toArray(float[][]::new);
    }

    /** Does nothing: the model has no means to be closed and lives until the program ends. */
    @Override
    public void close() {}
}
