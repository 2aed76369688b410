package dev.perennial.pretrain;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Embeddings of the last batches, without gradients: further negatives for a contrast (cross-batch memory, Wang et al. 2020, arXiv
 * 1912.06798). They are slightly stale, which a slowly moving model forgives.
 */
final class PairQueue implements AutoCloseable {
    private final int capacity;
    private final Deque<Pairs> batches = new ArrayDeque<>();

    /** Embeddings of one batch, and the groups of its pairs. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Pairs(Tensor images, Tensor texts, long[] groups) {
        private void free() {
            images.close();
            texts.close();
        }
    }

    PairQueue(int capacity) {
        this.capacity = capacity;
    }

    /** Adds a batch and forgets the oldest ones that no longer fit. */
    void add(Tensor images, Tensor texts, long[] groups) {
        if (capacity == 0) {
            return;
        }
        try (var _ = new TensorScope()) {
            batches.addLast(new Pairs(detached(images), detached(texts), groups));
        }
        while (batches.stream().mapToInt(pairs -> pairs.groups().length).sum() > capacity && batches.size() > 1) {
            batches.removeFirst().free();
        }
    }

    private static Tensor detached(Tensor tensor) {
        return torch.clone(tensor.detach().to(torch.ScalarType.Float)).retainReference();
    }

    /** Returns the batch's images followed by the queue's. */
    Tensor withImages(Tensor images) {
        return joined(images, batches.stream().map(Pairs::images).toList());
    }

    /** Returns the batch's texts followed by the queue's. */
    Tensor withTexts(Tensor texts) {
        return joined(texts, batches.stream().map(Pairs::texts).toList());
    }

    /** Returns the batch's groups followed by the queue's. */
    long[] withGroups(long[] groups) {
        return LongStream.concat(LongStream.of(groups), batches.stream().flatMapToLong(p -> LongStream.of(p.groups())))
                .toArray();
    }

    /** Returns the batches, oldest first. */
    List<Pairs> pairs() {
        return List.copyOf(batches);
    }

    private static Tensor joined(Tensor own, List<Tensor> others) {
        if (others.isEmpty()) {
            return own;
        }
        Tensor[] all = new Tensor[others.size() + 1];
        all[0] = own.to(torch.ScalarType.Float);
        for (int i = 0; i < others.size(); i++) {
            all[i + 1] = others.get(i);
        }
        return Tensors.concat(0, all);
    }

    @Override
    public void close() {
        batches.forEach(Pairs::free);
        batches.clear();
    }
}
