package dev.perennial.clip.tower;

import dev.perennial.clip.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Readers that run through the blocks together.
 *
 * @param entering {@code [readers, width]}
 * @param mask additive over {@code [readers, readers]}, absent where they are of one group and see all
 */
record Readers(Tensor entering, Optional<Tensor> mask) {
    /**
     * Returns the groups joined into as few as possible: those before the first that is trained, which need no graph, and the rest.
     */
    static List<Readers> of(ReaderSite site) {
        List<Tensor> groups = site.groups();
        int constant =
                (int) groups.stream().takeWhile(group -> !group.requires_grad()).count();
        List<Readers> joined = new ArrayList<>();
        for (List<Tensor> part : List.of(groups.subList(0, constant), groups.subList(constant, groups.size()))) {
            if (!part.isEmpty()) {
                joined.add(joined(part));
            }
        }
        return joined;
    }

    private static Readers joined(List<Tensor> groups) {
        Tensor readers = Tensors.concat(0, groups.toArray(Tensor[]::new));
        if (groups.size() == 1) {
            return new Readers(readers, Optional.empty());
        }
        long all = readers.size(0);
        Tensor mask = torch.zeros(new long[] {all, all}).to(readers.scalar_type());
        long row = 0;
        for (Tensor group : groups) {
            long next = row + group.size(0);
            mask.narrow(0, row, group.size(0)).narrow(1, next, all - next).fill_(new Scalar(Double.NEGATIVE_INFINITY));
            row = next;
        }
        return new Readers(readers, Optional.of(mask));
    }

    /** Returns the mask where the readers see this many others besides themselves, which follow. */
    TensorOptional maskAmong(long others) {
        return mask.map(own -> Tensors.concat(
                        1, own, torch.zeros(new long[] {own.size(0), others}).to(own.scalar_type())))
                .map(Tensors::some)
                .orElseGet(Tensors::none);
    }
}
