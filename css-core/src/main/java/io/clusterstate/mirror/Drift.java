package io.clusterstate.mirror;

import java.util.ArrayList;
import java.util.List;

/**
 * What a comparison with the ECS API found wrong in the view, in numbers of entities. What was only on its way, an
 * event of the last second, is counted too.
 *
 * @param missed ECS has it, and the view had it not
 * @param stale the view had an earlier version of it
 * @param enriched the view had this version, and ECS tells more of it, or something newer that has no version: tags,
 *     health, and whatever changes in services and clusters
 * @param phantom the view had it as living, and ECS has proven that it is not
 * @param removed phantoms that were removed
 * @param heldBack phantoms that the removal guard keeps for one more pass
 * @param unproven ECS did not list it, but that is no proof: it was heard of too lately, or the question about it
 *     failed
 */
public record Drift(int missed, int stale, int enriched, int phantom, int removed, int heldBack, int unproven) {

    /** Nothing wrong. */
    public static final Drift NONE = new Drift(0, 0, 0, 0, 0, 0, 0);

    /**
     * Both together.
     *
     * @param other another comparison's
     * @return the sums
     */
    public Drift plus(Drift other) {
        return new Drift(
                missed + other.missed,
                stale + other.stale,
                enriched + other.enriched,
                phantom + other.phantom,
                removed + other.removed,
                heldBack + other.heldBack,
                unproven + other.unproven);
    }

    /** The numbers that are not 0, in words. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        add(parts, missed, "missed");
        add(parts, stale, "stale");
        add(parts, enriched, "enriched");
        add(parts, phantom, "phantom");
        add(parts, removed, "removed");
        add(parts, heldBack, "held back");
        add(parts, unproven, "unproven");
        return parts.isEmpty() ? "no drift" : String.join(", ", parts);
    }

    private static void add(List<String> parts, int count, String word) {
        if (count > 0) {
            parts.add(count + " " + word);
        }
    }
}
