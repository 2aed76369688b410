package dev.perennial.pretrain;

import dev.perennial.clip.Clip;
import dev.perennial.clip.loss.ContrastiveLoss;
import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.tower.TokenBatch;
import dev.perennial.data.LoadedBatch;
import dev.perennial.data.Sample;
import dev.perennial.pretrain.distill.Distillation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/** The loss of one step: contrast within the batch and against the queue, and what teachers add. */
final class StepLoss {
    private static final int LENGTH_GROUPS = 4;

    private final Clip clip;
    private final PretrainData data;
    private final Optional<Distillation> distillation;
    private final PairQueue queue;
    private final RandomStreams random;

    StepLoss(Clip clip, PretrainData data, Optional<Distillation> distillation, PairQueue queue, RandomStreams random) {
        this.clip = clip;
        this.data = data;
        this.distillation = distillation;
        this.queue = queue;
        this.random = random;
    }

    /** Returns the loss of a batch, a scalar; the batch's embeddings join the queue. */
    Tensor of(LoadedBatch batch) {
        return TensorScope.compute(() -> {
            List<Sample> samples = batch.samples();
            List<String> descriptions = data.describe(samples, random.stream("texts"));
            Optional<Distillation.Topics> topics =
                    distillation.map(teachers -> teachers.draw(samples, random.stream("topics")));
            Map<String, Integer> rows = new LinkedHashMap<>();
            descriptions.forEach(text -> rows.putIfAbsent(text, rows.size()));
            topics.ifPresent(drawn -> drawn.texts().forEach(text -> rows.putIfAbsent(text, rows.size())));
            List<String> texts = List.copyOf(rows.keySet());
            int size = batch.imageSize();
            Tensor images = clip.encodeImages(Tensors.of(batch.pixels(), samples.size(), 3, size, size));
            Tensor encoded = encodedByLength(texts);
            Tensor scale = clip.parameters().get("logit_scale");
            Tensor contrast = contrast(
                    images,
                    encoded.index_select(
                            0,
                            Tensors.indices(
                                    descriptions.stream().mapToInt(rows::get).toArray())),
                    scale,
                    samples.stream().mapToLong(data::group).toArray());
            return distillation
                    .map(teachers ->
                            contrast.add(teachers.loss(topics.orElseThrow(), samples, images, texts, encoded, scale)))
                    .orElse(contrast);
        });
    }

    private Tensor contrast(Tensor images, Tensor texts, Tensor scale, long[] groups) {
        Tensor loss = ContrastiveLoss.grouped(
                images,
                texts,
                scale,
                groups,
                queue.withImages(images),
                queue.withTexts(texts),
                queue.withGroups(groups));
        queue.add(images, texts, groups);
        return loss;
    }

    /** Encodes texts in groups of similar length, so that short class prompts are not padded to the longest caption. */
    private Tensor encodedByLength(List<String> texts) {
        List<int[]> ids = clip.tokenizer().encodeAll(texts);
        List<Integer> byLength = IntStream.range(0, ids.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> ids.get(i).length))
                .toList();
        int chunk = Math.ceilDiv(byLength.size(), LENGTH_GROUPS);
        List<Tensor> encoded = new ArrayList<>();
        for (int from = 0; from < byLength.size(); from += chunk) {
            List<int[]> group = byLength.subList(from, Math.min(from + chunk, byLength.size())).stream()
                    .map(ids::get)
                    .toList();
            encoded.add(clip.encodeTexts(TokenBatch.of(group, clip.tokenizer().endId())));
        }
        int[] place = new int[byLength.size()];
        for (int i = 0; i < place.length; i++) {
            place[byLength.get(i)] = i;
        }
        return Tensors.concat(0, encoded.toArray(Tensor[]::new)).index_select(0, Tensors.indices(place));
    }
}
