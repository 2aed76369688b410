package dev.perennial.clip.tower;

import dev.perennial.clip.config.TransformerConfig;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/** A stack of residual blocks. */
final class Transformer {
    private final List<ResidualBlock> blocks;

    Transformer(TransformerConfig config, Parameters parameters, String prefix) {
        blocks = IntStream.range(0, config.layers())
                .mapToObj(i -> new ResidualBlock(config, parameters, prefix + "resblocks." + i + "."))
                .toList();
    }

    /** Runs the blocks over {@code [batch, tokens, width]}; parameters as of {@link ResidualBlock#forward}. */
    Tensor forward(Tensor tokens, TensorOptional mask, boolean causal, TowerSites sites) {
        return forward(tokens, mask, causal, sites, 0, blocks.size());
    }

    /** Runs the blocks {@code from..to-1} alone. */
    Tensor forward(Tensor tokens, TensorOptional mask, boolean causal, TowerSites sites, int from, int to) {
        Tensor x = tokens;
        for (int i = from; i < to; i++) {
            x = blocks.get(i).forward(x, mask, causal, sites.block(i));
        }
        return x;
    }

    /** Runs the blocks over tokens and their readers; masks as of {@link ResidualBlock}. */
    Streams forward(Streams entering, TensorOptional mask, List<TensorOptional> readerMasks, TowerSites sites) {
        Streams x = entering;
        for (int i = 0; i < blocks.size(); i++) {
            x = blocks.get(i).forward(x, mask, readerMasks, sites.block(i));
        }
        return x;
    }
}
