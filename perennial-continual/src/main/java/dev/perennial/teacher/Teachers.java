package dev.perennial.teacher;

import dev.perennial.clip.image.Preprocessing;
import java.nio.file.Path;
import java.util.List;

/** Opens teachers as a configuration names them. */
public interface Teachers {
    /**
     * Opens an image model.
     *
     * @param outputs names of the outputs to keep
     * @throws IllegalArgumentException if the file does not hold such a model
     */
    ImageTeacher image(Path file, Preprocessing preprocessing, List<String> outputs);

    /**
     * Opens a text model.
     *
     * @throws IllegalArgumentException if none is known by this name
     */
    TextTeacher text(String name);
}
