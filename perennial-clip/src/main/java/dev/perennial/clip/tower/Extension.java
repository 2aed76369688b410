package dev.perennial.clip.tower;

/**
 * Parts that become the model's own, such as low-rank updates: their parameters stand among its parameters, and what it computes passes
 * through them wherever nothing else is said.
 */
@FunctionalInterface
public interface Extension {
    /**
     * Attaches the parts to a model.
     *
     * @param parameters of the model, with those of the parts among them
     * @param imageSites of its image tower
     * @param textSites of its text tower
     */
    void attach(Parameters parameters, TowerSites imageSites, TowerSites textSites);
}
