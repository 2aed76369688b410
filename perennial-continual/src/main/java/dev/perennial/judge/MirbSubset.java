package dev.perennial.judge;

import java.util.Arrays;
import java.util.Optional;

/** The subsets of MIRB, with the names of both published copies. */
enum MirbSubset {
    JIGSAW("image_jigsaw", "image_jigsaw", ""),
    COUNT("count", "count", ""),
    ATTRIBUTE("attribute", "domain", ""),
    FOOD("food", "foods", "options refer to facts across images, which needs reading"),
    SIGHTSEEING("sightseeing", "places", ""),
    CODE("codeu", "codeu", "needs reading of code"),
    PLOT_CODE("plot_code", "plot", "needs reading of code and plots"),
    ANALOGY("analogy", "analogy", ""),
    SCENE("3d_scene", "3d_scene", ""),
    CHAIN("visual_chain", "image_needles", "needs reading of text in images, and arithmetic"),
    ARXIV("arxiv", "arxiv", "needs reading of pages");

    private final String label;
    private final String oldLabel;
    private final String obstacle;

    MirbSubset(String label, String oldLabel, String obstacle) {
        this.label = label;
        this.oldLabel = oldLabel;
        this.obstacle = obstacle;
    }

    /** Returns the newer name. */
    String label() {
        return label;
    }

    /** Returns why a contrastive model cannot take it; empty if it can. */
    String obstacle() {
        return obstacle;
    }

    static Optional<MirbSubset> of(String name) {
        return Arrays.stream(values())
                .filter(subset -> subset.label.equals(name) || subset.oldLabel.equals(name))
                .findFirst();
    }
}
