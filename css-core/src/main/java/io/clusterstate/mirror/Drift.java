package io.clusterstate.mirror;

import io.clusterstate.EntityKind;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The differences between the view and ECS that reconciling found, in numbers of entities. A change counts even if its
 * event is still on its way. Enrichment, which only adds what events do not carry, is no drift.
 *
 * @param missed the entities that ECS lists and the view lacked
 * @param stale the entities of which the view had an earlier version
 * @param phantom the entities that the view had as living, and that ECS proves to be gone
 * @param removed the phantoms that the pass removed
 * @param heldBack the phantoms that the removal guard keeps until a later pass proves them again
 * @param unproven the entities that ECS does not list, without a proof that they are gone: the view received them
 *     within the allowance, or ECS's answer about them was unclear
 */
public record Drift(int missed, int stale, int phantom, int removed, int heldBack, int unproven) {

    /** No difference. */
    public static final Drift NONE = new Drift(0, 0, 0, 0, 0, 0);

    /** The drift that found entities repair: those that the store lacked, or had in an earlier version. */
    static Drift before(List<Applied> applied) {
        int missed = count(applied, each -> each.outcome() == Outcome.ADDED);
        int stale = count(applied, each -> each.outcome() == Outcome.UPDATED && hasVersions(each));
        return new Drift(missed, stale, 0, 0, 0, 0);
    }

    /** The drift of unlisted entities, with and without a proof that they are gone. */
    static Drift unlisted(int phantom, int unproven) {
        return new Drift(0, 0, phantom, 0, 0, unproven);
    }

    /** The drift of the removed phantoms and those held back. */
    static Drift removal(List<Applied> applied, int heldBack) {
        int removed = count(applied, each -> each.outcome() == Outcome.REMOVED);
        return new Drift(0, 0, 0, removed, heldBack, 0);
    }

    /**
     * The number of changes that only enriched an entity: with tags, with health, or with a state that has no version.
     */
    static int enriched(List<Applied> applied) {
        return count(
                applied,
                each -> each.outcome().hasEffect()
                        && each.outcome() != Outcome.ADDED
                        && !(each.outcome() == Outcome.UPDATED && hasVersions(each)));
    }

    private static int count(List<Applied> applied, Predicate<Applied> test) {
        return (int) applied.stream().filter(test).count();
    }

    private static boolean hasVersions(Applied applied) {
        EntityKind<?> kind = applied.change().kind();
        return kind == EntityKind.TASK || kind == EntityKind.INSTANCE;
    }

    /**
     * Adds the drift of another pass.
     *
     * @param other the other drift
     * @return the sum, number by number
     */
    public Drift plus(Drift other) {
        return new Drift(
                missed + other.missed,
                stale + other.stale,
                phantom + other.phantom,
                removed + other.removed,
                heldBack + other.heldBack,
                unproven + other.unproven);
    }

    /** The numbers other than 0, in words. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        add(parts, missed, "missed");
        add(parts, stale, "stale");
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
