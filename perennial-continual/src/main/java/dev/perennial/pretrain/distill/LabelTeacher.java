package dev.perennial.pretrain.distill;

import dev.perennial.clip.loss.ContrastiveLoss;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.data.Sample;
import dev.perennial.teacher.TeacherTable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * An image model's class scores as targets for the student's zero-shot scores: the Kullback-Leibler divergence of Hinton et al. 2015
 * (arXiv 1503.02531), with embeddings of the classes' names in the place of the student's last layer.
 */
final class LabelTeacher implements AutoCloseable {
    private final DistillationConfig.Labels config;
    private final TeacherTable table;
    private final List<String> classNames;

    LabelTeacher(DistillationConfig.Labels config, TeacherTable table, List<String> classNames) {
        this.config = config;
        this.table = table;
        this.classNames = classNames;
        if (config.first() + classNames.size() != table.width(config.output())) {
            throw new IllegalArgumentException(config.classes() + ": names " + classNames.size()
                    + " classes, but output '" + config.output() + "' has "
                    + (table.width(config.output()) - config.first()) + " from index " + config.first() + " on");
        }
    }

    static int[] positions(List<Sample> samples) {
        return samples.stream().mapToInt(Sample::position).toArray();
    }

    /** Draws the classes of a step: the teacher's first choice for each image, then others by chance. */
    List<Integer> classes(List<Sample> samples, RandomStream random) {
        int wanted = Math.min(config.sample(), classNames.size());
        Set<Integer> drawn = new LinkedHashSet<>();
        int width = table.width(config.output());
        float[] scores = table.rows(config.output(), positions(samples));
        for (int i = 0; i < samples.size() && drawn.size() < wanted; i++) {
            int best = config.first();
            for (int c = config.first(); c < width; c++) {
                best = scores[i * width + c] > scores[i * width + best] ? c : best;
            }
            drawn.add(best - config.first());
        }
        while (drawn.size() < wanted) {
            drawn.add(random.nextInt(classNames.size()));
        }
        return List.copyOf(drawn);
    }

    List<String> prompts(List<Integer> classes, RandomStream random) {
        String template =
                config.templates().get(random.nextInt(config.templates().size()));
        return classes.stream()
                .map(c -> template.replace("{}", classNames.get(c)))
                .toList();
    }

    Tensor loss(
            List<Integer> classes,
            List<Sample> samples,
            Tensor images,
            Tensor encoded,
            int[] promptRows,
            Tensor logitScale) {
        return TensorScope.compute(() -> {
            int[] columns = classes.stream().mapToInt(c -> config.first() + c).toArray();
            Tensor scores = Tensors.of(
                            table.rows(config.output(), positions(samples)),
                            samples.size(),
                            table.width(config.output()))
                    .index_select(1, Tensors.indices(columns));
            Tensor teacher = torch.softmax(scores.div(new Scalar(config.temperature())), 1);
            Tensor student =
                    ContrastiveLoss.logits(images, encoded.index_select(0, Tensors.indices(promptRows)), logitScale);
            Tensor divergence = teacher.mul(teacher.clamp_min(new Scalar(1e-9))
                            .log()
                            .sub(torch.log_softmax(student.to(torch.ScalarType.Float), 1)))
                    .sum(1)
                    .mean();
            return divergence.mul(new Scalar(config.weight()));
        });
    }

    @Override
    public void close() {
        table.close();
    }
}
