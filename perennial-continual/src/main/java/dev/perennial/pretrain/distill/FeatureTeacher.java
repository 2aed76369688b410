package dev.perennial.pretrain.distill;

import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.data.Sample;
import dev.perennial.teacher.TeacherTable;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** An image model's features, which a linear map of the student's embedding must point along. */
final class FeatureTeacher implements AutoCloseable {
    private final DistillationConfig.Features config;
    private final TeacherTable table;
    private final Head head;

    FeatureTeacher(DistillationConfig.Features config, TeacherTable table, int embedDim, RandomStream random) {
        this.config = config;
        this.table = table;
        this.head = new Head(embedDim, table.width(config.output()), random);
    }

    Tensor head() {
        return head.weight();
    }

    Tensor loss(List<Sample> samples, Tensor images) {
        return TensorScope.compute(() -> {
            float[] rows = table.rows(config.output(), LabelTeacher.positions(samples));
            Tensor teacher = Tensors.of(rows, samples.size(), table.width(config.output()));
            return head.distance(images, teacher).mul(new Scalar(config.weight()));
        });
    }

    @Override
    public void close() {
        head.close();
        table.close();
    }
}
