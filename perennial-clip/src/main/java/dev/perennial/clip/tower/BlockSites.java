package dev.perennial.clip.tower;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/**
 * What a method has attached to one residual block; empty sites cost nothing and leave the plain CLIP.
 *
 * <p>Everything that the published methods add to a block is a term: a low-rank update is added to a projection's output, an
 * adapter's branch to the residual stream or, where it follows a sub-block, to that one's output. Deep prompts rewrite the tokens before the block.
 */
public final class BlockSites {
    private final Map<Projection, UnaryOperator<Tensor>> projections = new EnumMap<>(Projection.class);
    private final Map<Branch.Beside, Branch> branches = new EnumMap<>(Branch.Beside.class);
    private final Map<Branch.Beside, UnaryOperator<Tensor>> after = new EnumMap<>(Branch.Beside.class);
    private Optional<UnaryOperator<Tensor>> before = Optional.empty();

    /** Adds {@code term(input)} to the output of a projection; replaces what was attached there. */
    public BlockSites add(Projection projection, UnaryOperator<Tensor> term) {
        projections.put(projection, term);
        return this;
    }

    /** Runs a branch beside a sub-block; replaces what was attached there. */
    public BlockSites add(Branch.Beside place, Branch branch) {
        branches.put(place, branch);
        return this;
    }

    /** Adds {@code term(output)} to the output of a sub-block; replaces what was attached there. */
    public BlockSites after(Branch.Beside place, UnaryOperator<Tensor> term) {
        after.put(place, term);
        return this;
    }

    /** Rewrites the tokens {@code [batch, tokens, width]} before the block. */
    public BlockSites before(UnaryOperator<Tensor> rewrite) {
        before = Optional.of(rewrite);
        return this;
    }

    Tensor enter(Tensor tokens) {
        return before.map(rewrite -> rewrite.apply(tokens)).orElse(tokens);
    }

    Tensor project(Projection projection, Tensor input, Tensor output) {
        UnaryOperator<Tensor> term = projections.get(projection);
        return term == null ? output : output.add(term.apply(input));
    }

    Tensor branch(Branch.Beside place, Tensor residual, Tensor normalized, Tensor output) {
        UnaryOperator<Tensor> term = after.get(place);
        Tensor whole = term == null ? output : output.add(term.apply(output));
        Branch branch = branches.get(place);
        return branch == null ? whole : whole.add(branch.apply(residual, normalized));
    }
}
