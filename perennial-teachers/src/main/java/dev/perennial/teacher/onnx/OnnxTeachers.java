package dev.perennial.teacher.onnx;

import dev.perennial.clip.image.Preprocessing;
import dev.perennial.teacher.ImageTeacher;
import dev.perennial.teacher.Teachers;
import dev.perennial.teacher.TextTeacher;
import java.nio.file.Path;
import java.util.List;

/** Opens image models from ONNX files, and the text model that comes with the program. */
public final class OnnxTeachers implements Teachers {
    @Override
    public ImageTeacher image(Path file, Preprocessing preprocessing, List<String> outputs) {
        return new OnnxImageTeacher(file, preprocessing, outputs);
    }

    @Override
    public TextTeacher text(String name) {
        if (!name.equals(MiniLm.NAME)) {
            throw new IllegalArgumentException("unknown text teacher '" + name + "'; known: " + MiniLm.NAME);
        }
        return new MiniLm();
    }
}
