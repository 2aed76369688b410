package dev.perennial.method.time;

import dev.perennial.clip.Clip;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.data.BatchSampler;
import dev.perennial.data.Dataset;
import dev.perennial.data.Loader;
import dev.perennial.data.Sample;
import dev.perennial.method.Candidates;
import dev.perennial.method.FrozenFeatures;
import dev.perennial.method.ImageClassifier;
import dev.perennial.method.MethodContext;
import dev.perennial.method.PlainClip;
import dev.perennial.method.tune.TaskLoss;
import dev.perennial.stream.Supervision;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** How well a model knows a few samples: the mean recall@1 of both directions of captioned ones, the accuracy of labelled ones. */
final class HeldOutScore {
    /** Captions that are encoded together. */
    private static final int CHUNK = 256;

    private final Clip clip;
    private final MethodContext context;

    HeldOutScore(Clip clip, MethodContext context) {
        this.clip = clip;
        this.context = context;
    }

    /** Returns the score in {@code [0, 1]}; 0 where no sample can be used. */
    double of(Dataset dataset, Supervision supervision) {
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false);
                var _ = context.precision().begin()) {
            return switch (supervision) {
                case Supervision.Captions captions -> recall(dataset, captions);
                case Supervision.Labels labels -> accuracy(dataset, labels);
                case Supervision.Arriving _ ->
                    throw new IllegalArgumentException("what an online stream brings cannot be held out");
            };
        }
    }

    private double recall(Dataset dataset, Supervision.Captions captions) {
        var plain = new PlainClip(clip);
        List<Tensor> images = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        try (Loader loader = loader(dataset)) {
            while (loader.hasNext()) {
                var batch = loader.next();
                images.add(plain.embedImages(FrozenFeatures.pixels(batch)));
                for (Sample sample : batch.samples()) {
                    texts.add(TaskLoss.captions(sample, captions.languages()).getFirst());
                }
            }
        }
        if (texts.isEmpty()) {
            return 0;
        }
        List<Tensor> rows = new ArrayList<>();
        for (int from = 0; from < texts.size(); from += CHUNK) {
            rows.add(plain.embedTexts(texts.subList(from, Math.min(from + CHUNK, texts.size()))));
        }
        Tensor cosines = Tensors.concat(0, images.toArray(Tensor[]::new))
                .matmul(Tensors.concat(0, rows.toArray(Tensor[]::new)).t());
        Tensor own = torch.arange(new Scalar(cosines.size(0))).to(torch.ScalarType.Long);
        return (hits(cosines, own) + hits(cosines.t(), own)) / (2.0 * texts.size());
    }

    private double accuracy(Dataset dataset, Supervision.Labels labels) {
        long right = 0;
        long all = 0;
        try (ImageClassifier classifier = new PlainClip(clip)
                        .classifier(new Candidates(labels.classNames(), labels.templates()), OptionalInt.empty());
                Loader loader = loader(dataset)) {
            while (loader.hasNext()) {
                var batch = loader.next();
                long[] truth = batch.samples().stream()
                        .mapToLong(sample -> sample.label().orElseThrow())
                        .toArray();
                right += hits(classifier.logits(FrozenFeatures.pixels(batch)), Tensors.of(truth, truth.length));
                all += truth.length;
            }
        }
        return all == 0 ? 0 : (double) right / all;
    }

    private Loader loader(Dataset dataset) {
        var order = BatchSampler.sequential(dataset.size(), context.images().batchSize());
        return context.images().load(dataset, order, order.start());
    }

    /** Returns the number of rows whose greatest column is the true one. */
    private static long hits(Tensor scores, Tensor truth) {
        return torch.argmax(scores, new LongOptional(1), false).eq(truth).sum().item_long();
    }
}
