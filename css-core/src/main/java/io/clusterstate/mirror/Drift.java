package io.clusterstate.mirror;

import io.clusterstate.EntityKind;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The differences between the view and ECS that reconciling found, in numbers of entities. A change whose event is
 * still under way counts, too.
 *
 * @param missed ECS lists it, and the view did not have it
 * @param stale the view had an earlier version of it
 * @param phantom the view had it as living, and ECS proves that it is not
 * @param removed phantoms that were removed
 * @param heldBack phantoms that the removal guard keeps until a later pass proves them again
 * @param unproven ECS does not list it, and that proves nothing: the mirror heard of it within the allowance, or ECS's
 *     answer about it was unclear
 */
public record Drift(int missed, int stale, int phantom, int removed, int heldBack, int unproven) {

    /** No difference. */
    public static final Drift NONE = new Drift(0, 0, 0, 0, 0, 0);

    /** What the store did not have, or had in an earlier version, before these changes. */
    static Drift before(List<Applied> applied) {
        int missed = count(applied, each -> each.outcome() == Outcome.ADDED);
        int stale = count(applied, each -> each.outcome() == Outcome.UPDATED && hasVersions(each));
        return new Drift(missed, stale, 0, 0, 0, 0);
    }

    /** Entities that no list named: proven to be gone, or not. */
    static Drift unlisted(int phantom, int unproven) {
        return new Drift(0, 0, phantom, 0, 0, unproven);
    }

    /** What became of phantoms. */
    static Drift removal(List<Applied> applied, int heldBack) {
        int removed = count(applied, each -> each.outcome() == Outcome.REMOVED);
        return new Drift(0, 0, 0, removed, heldBack, 0);
    }

    /** How many of these changes only enriched an entity: with tags or health, or with a state that has no version. */
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
     * The sum of two.
     *
     * @param other the drift of another pass
     * @return the sum of each number
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

    /** The numbers that are not 0, in words. */
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
