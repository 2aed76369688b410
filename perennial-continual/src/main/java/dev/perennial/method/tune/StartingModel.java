package dev.perennial.method.tune;

import dev.perennial.clip.Clip;
import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import java.util.Optional;

/**
 * The model as it was when the present experience began: the teacher of the old, or the anchor of the weights. It is copied only if
 * a safeguard asks for it.
 */
public final class StartingModel implements AutoCloseable {
    private final Clip student;
    private Optional<Clip> copy = Optional.empty();

    StartingModel(Clip student) {
        this.student = student;
    }

    /** Returns the model, frozen; must be asked for the first time while the experience begins. */
    public Clip model() {
        if (copy.isEmpty()) {
            copy = Optional.of(student.copy());
        }
        return copy.get();
    }

    /** Adds the copy, if there is one. */
    void save(StateWriter state) {
        copy.ifPresent(model -> student.parameters()
                .trained()
                .keySet()
                .forEach(name -> state.tensor(name, model.parameters().get(name))));
    }

    /** Puts back the copy that was saved in the middle of an experience; the student was put back before. */
    void restore(StateReader state) {
        close();
        var trained = student.parameters().trained();
        if (!trained.isEmpty() && state.has(trained.firstEntry().getKey())) {
            Clip model = student.copy();
            copy = Optional.of(model);
            trained.replaceAll((name, _) -> model.parameters().get(name));
            state.copyTo(trained);
        }
    }

    @Override
    public void close() {
        copy.ifPresent(Clip::close);
        copy = Optional.empty();
    }
}
