package dev.perennial.clip.tower;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What a method has attached to one tower: to its entrance and to each of its blocks. */
public final class TowerSites {
    private final List<BlockSites> blocks;
    private Optional<TokenSite> tokens = Optional.empty();
    private Optional<ReaderSite> readers = Optional.empty();

    private TowerSites(int layers) {
        blocks = IntStream.range(0, layers).mapToObj(_ -> new BlockSites()).toList();
    }

    /** Creates empty sites for a tower of this many blocks. */
    public static TowerSites ofLayers(int layers) {
        return new TowerSites(layers);
    }

    /** Returns the sites of block {@code index}, counted from the input. */
    public BlockSites block(int index) {
        return blocks.get(index);
    }

    /** Returns the number of blocks. */
    public int layers() {
        return blocks.size();
    }

    /** Lets extra tokens enter; replaces what was attached there. */
    public TowerSites tokens(TokenSite site) {
        tokens = Optional.of(site);
        return this;
    }

    /** Lets readers follow the tokens; replaces what was attached there. */
    public TowerSites readers(ReaderSite site) {
        readers = Optional.of(site);
        return this;
    }

    Optional<TokenSite> tokens() {
        return tokens;
    }

    Optional<ReaderSite> readers() {
        return readers;
    }

    boolean hasTokens() {
        return tokens.isPresent() || readers.isPresent();
    }
}
