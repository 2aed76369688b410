package dev.perennial.clip.tower;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Tokens after the image's own, which see all and can be hidden from the image's own. */
record ExtraTokens(Tensor tokens, boolean hidden, boolean pooledToo) implements TokenSite {
    ExtraTokens(Tensor tokens) {
        this(tokens, false, false);
    }

    @Override
    public Tensor extend(Tensor own) {
        return Tensors.concat(1, own, tokens.unsqueeze(0).expand(own.size(0), tokens.size(0), tokens.size(1)));
    }

    @Override
    public Optional<Tensor> mask(long all) {
        if (!hidden) {
            return Optional.empty();
        }
        return Optional.of(TensorScope.compute(() -> {
            Tensor mask = torch.zeros(all, all).to(torch.ScalarType.Double);
            long own = all - tokens.size(0);
            mask.narrow(0, 0, own).narrow(1, own, tokens.size(0)).fill_(new Scalar(Double.NEGATIVE_INFINITY));
            return mask;
        }));
    }

    @Override
    public Tensor pooled(Tensor all) {
        Tensor classToken = all.narrow(1, 0, 1);
        return pooledToo
                ? Tensors.concat(1, classToken, all.narrow(1, all.size(1) - tokens.size(0), tokens.size(0)))
                : classToken;
    }
}
