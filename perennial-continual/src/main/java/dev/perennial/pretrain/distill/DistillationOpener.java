package dev.perennial.pretrain.distill;

import dev.perennial.clip.image.Channels;
import dev.perennial.clip.image.CropRounding;
import dev.perennial.clip.image.Interpolation;
import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.image.ResizeMode;
import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.data.BadSamples;
import dev.perennial.data.Dataset;
import dev.perennial.teacher.TeacherTable;
import dev.perennial.teacher.Teachers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Opens the teachers of a configuration, showing them all that they will be asked about.
 *
 * @param teachers finds the models
 * @param baseFolder what relative paths are relative to
 * @param tableFolder where tables of what teachers said lie
 * @param threads threads that decode images for a teacher
 */
public record DistillationOpener(Teachers teachers, Path baseFolder, Path tableFolder, int threads) {
    /** Is told how far the teachers are. */
    @FunctionalInterface
    public interface Progress {
        /** Hears that a teacher, {@code image} or {@code text}, has seen so many of all. */
        void asked(String teacher, int count, int total);
    }

    /**
     * Opens the teachers.
     *
     * @param dataset all training images
     * @param texts all training texts
     * @param embedDim width of the student's embedding
     */
    public Distillation open(
            DistillationConfig config,
            Dataset dataset,
            List<String> texts,
            int embedDim,
            RandomStreams random,
            BadSamples badSamples,
            Progress progress) {
        Optional<FeatureTeacher> features = config.image()
                .flatMap(image -> image.features()
                        .map(output -> new FeatureTeacher(
                                output,
                                table(image, dataset, badSamples, progress),
                                embedDim,
                                random.stream("feature head"))));
        Optional<LabelTeacher> labels = config.image()
                .flatMap(image -> image.labels()
                        .map(output -> new LabelTeacher(
                                output, table(image, dataset, badSamples, progress), classNames(output))));
        Optional<SentenceTeacher> sentences = config.text().map(text -> {
            List<String> prompts = config.image().flatMap(DistillationConfig.ImageModel::labels).stream()
                    .flatMap(output -> classNames(output).stream()
                            .flatMap(name -> output.templates().stream().map(t -> t.replace("{}", name))))
                    .toList();
            List<String> all = SentenceTeacher.texts(
                    text, Stream.concat(texts.stream(), prompts.stream()).toList());
            TeacherTable table = TeacherTable.ofTexts(
                    () -> teachers.text(text.model()),
                    text.model(),
                    all,
                    tableFolder,
                    (count, total) -> progress.asked("text", count, total));
            return new SentenceTeacher(text, all, table, embedDim, random.stream("sentence head"));
        });
        return new Distillation(features, labels, sentences);
    }

    private TeacherTable table(
            DistillationConfig.ImageModel config, Dataset dataset, BadSamples badSamples, Progress progress) {
        Path file = baseFolder.resolve(config.model());
        List<String> outputs = Stream.concat(
                        config.features().map(DistillationConfig.Features::output).stream(),
                        config.labels().map(DistillationConfig.Labels::output).stream())
                .distinct()
                .toList();
        Preprocessing preprocessing = new Preprocessing(
                config.imageSize(),
                ResizeMode.SHORTEST,
                Interpolation.BICUBIC,
                Channels.all(config.mean()),
                Channels.all(config.std()),
                CropRounding.OPENAI);
        return TeacherTable.ofImages(
                () -> teachers.image(file, preprocessing, outputs),
                sha256(file) + preprocessing.fingerprint() + outputs,
                dataset,
                tableFolder,
                threads,
                badSamples,
                (count, total) -> progress.asked("image", count, total));
    }

    private List<String> classNames(DistillationConfig.Labels config) {
        Path file = baseFolder.resolve(config.classes());
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> !line.isBlank())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": the classes of distillation.image.labels cannot be read", e);
        }
    }

    private static String sha256(Path file) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": the model of distillation.image cannot be read", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
