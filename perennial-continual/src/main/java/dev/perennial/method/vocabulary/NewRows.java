package dev.perennial.method.vocabulary;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.text.Vocabulary;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Where the embeddings of new tokens come from. */
public enum NewRows {
    /** {@code N(0, 0.02^2)}: CLL-CLIP without TEIR. */
    @JsonProperty("normal")
    NORMAL {
        @Override
        Tensor of(Tensor embedding, Vocabulary before, Vocabulary after, Tensor noise) {
            return noise.mul(new Scalar(0.02));
        }
    },
    /** {@code N(mean, std^2)} over all numbers of the present embedding: TEIR. */
    @JsonProperty("distribution")
    DISTRIBUTION {
        @Override
        Tensor of(Tensor embedding, Vocabulary before, Vocabulary after, Tensor noise) {
            return noise.mul(embedding.std()).add(embedding.mean());
        }
    },
    /** The mean of the known tokens that a new one is made of, with a tenth of that deviation as noise. */
    @JsonProperty("pieces")
    PIECES {
        @Override
        Tensor of(Tensor embedding, Vocabulary before, Vocabulary after, Tensor noise) {
            var pieces = new Pieces(before, after);
            Tensor[] means = pieces.ofNewTokens()
                    .map(ids -> TensorScope.compute(() ->
                            embedding.index_select(0, Tensors.indices(ids)).mean(new long[] {0})))
                    .toArray(Tensor[]::new);
            Tensor small = noise.mul(embedding.std().mul(new Scalar(0.1)));
            return means.length == 0
                    ? small
                    : Tensors.stack(java.util.List.of(means)).add(small);
        }
    };

    /**
     * Returns the rows of the tokens that a vocabulary has gained.
     *
     * @param embedding of the tokens before, {@code [before, width]}
     * @param noise standard normal numbers, {@code [after - before, width]}
     * @return {@code [after - before, width]}
     */
    abstract Tensor of(Tensor embedding, Vocabulary before, Vocabulary after, Tensor noise);

    /** Returns the embedding with the rows of the new tokens below its own, which stay bit for bit. */
    public Tensor grown(Tensor embedding, Vocabulary before, Vocabulary after, Tensor noise) {
        return TensorScope.computeWithoutGradient(
                () -> Tensors.concat(0, embedding.detach(), of(embedding.detach(), before, after, noise)));
    }

    /** Draws the noise from the engine's generator. */
    static Tensor noise(long rows, long width) {
        return torch.randn(new long[] {rows, width});
    }
}
