package dev.perennial.method.cllclip;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.text.Tokenizer;
import dev.perennial.stream.Experience;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;

/** The captions of an experience as lessons, with the teacher's features in two matrices. */
final class Course implements AutoCloseable {
    private final Lessons lessons;
    private final Tensor images;
    private final Tensor targets;

    private Course(Lessons lessons, Tensor images, Tensor targets) {
        this.lessons = lessons;
        this.images = images;
        this.targets = targets;
    }

    /**
     * Prepares captions.
     *
     * @param tokenizer grown for their languages
     * @throws IllegalArgumentException if there is nothing to learn
     */
    static Course of(Experience experience, List<Caption> captions, Tokenizer tokenizer, TeacherFeatures teacher) {
        teacher.learn(
                captions.stream().flatMap(caption -> caption.english().stream()).toList());
        Map<Integer, List<Optional<float[]>>> imagesOf = new HashMap<>();
        Map<String, Tokenizer> tokenizers = new HashMap<>();
        var images = new Rows<float[]>();
        var targets = new Rows<List<String>>();
        List<Lesson> list = new ArrayList<>();
        for (Caption caption : captions) {
            Optional<float[]> image = imagesOf.computeIfAbsent(
                            caption.experience().index(),
                            _ -> teacher.ofImages(caption.experience().train()))
                    .get(caption.sample().position());
            if (image.isEmpty()) {
                continue;
            }
            int row = images.row(image.get(), image::get);
            int target = caption.english().isEmpty()
                    ? -1
                    : targets.row(caption.english(), () -> mean(caption.english(), teacher));
            list.add(new Lesson(
                    caption.sample(),
                    caption.language(),
                    caption.text(),
                    tokenizers
                            .computeIfAbsent(caption.language(), tokenizer::in)
                            .encode(caption.text()),
                    row,
                    target,
                    caption.ofClass() ? -1 - target : row));
        }
        if (list.isEmpty()) {
            throw new IllegalArgumentException("experience '" + experience.name()
                    + "' has no caption with an image to learn from; see its languages and the list of bad samples");
        }
        return new Course(
                new Lessons(experience.train().info(), list),
                images.matrix(),
                // A matrix without a row has no width either; nobody asks for its rows.
                targets.isEmpty() ? images.matrix() : targets.matrix());
    }

    private static float[] mean(List<String> english, TeacherFeatures teacher) {
        float[] first = teacher.ofText(english.getFirst());
        if (english.size() == 1) {
            return first;
        }
        double[] sum = new double[first.length];
        for (String text : english) {
            float[] row = teacher.ofText(text);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += row[i];
            }
        }
        float[] mean = new float[sum.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (sum[i] / english.size());
        }
        return mean;
    }

    Lessons lessons() {
        return lessons;
    }

    /** Returns the features of images of these lessons, {@code [lessons, embedDim]}. */
    Tensor images(List<Lesson> of) {
        return images.index_select(
                0, Tensors.indices(of.stream().mapToInt(Lesson::image).toArray()));
    }

    /** Returns the teacher's features of these lessons in English, {@code [lessons, embedDim]}; any row where there is none. */
    Tensor targets(List<Lesson> of) {
        return targets.index_select(
                0,
                Tensors.indices(of.stream()
                        .mapToInt(lesson -> Math.max(0, lesson.target()))
                        .toArray()));
    }

    @Override
    public void close() {
        images.close();
        targets.close();
    }

    /** Rows by what they stand for, each once. */
    private static final class Rows<K> {
        private final Map<K, Integer> places = new LinkedHashMap<>();
        private final List<float[]> rows = new ArrayList<>();

        int row(K key, Supplier<float[]> values) {
            return places.computeIfAbsent(key, _ -> {
                rows.add(values.get());
                return rows.size() - 1;
            });
        }

        boolean isEmpty() {
            return rows.isEmpty();
        }

        Tensor matrix() {
            int width = rows.getFirst().length;
            float[] flat = new float[Math.multiplyExact(rows.size(), width)];
            for (int i = 0; i < rows.size(); i++) {
                System.arraycopy(rows.get(i), 0, flat, i * width, width);
            }
            try (var _ = new TensorScope()) {
                return Tensors.of(flat, rows.size(), width).retainReference();
            }
        }
    }
}
