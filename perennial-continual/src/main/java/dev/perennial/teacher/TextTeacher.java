package dev.perennial.teacher;

import java.util.List;

/** A trained text model whose embeddings a student imitates. */
public interface TextTeacher extends AutoCloseable {

    /** Returns the embeddings of these texts, {@code [texts][width]}. */
    float[][] embed(List<String> texts);

    @Override
    void close();
}
