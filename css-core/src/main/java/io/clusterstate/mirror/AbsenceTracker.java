package io.clusterstate.mirror;

import io.clusterstate.EntityKind;
import io.clusterstate.spi.Removal;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers, between the passes over one cluster, the entities that ECS did not list: when ECS last listed each, and
 * which removals are held back.
 *
 * <p>It measures monotonic time, so a step of the wall clock proves nothing.
 *
 * <p>Thread: one thread at a time.
 */
final class AbsenceTracker {

    /** The number of removals that one pass may always make, however small the cluster is. */
    private static final int FEW = 10;
    /** The part of the known entities that one pass may remove. */
    private static final double PART = 0.2;

    /** The time at which each absent entity was last listed; null if this process never saw it listed. */
    private Map<String, @Nullable Long> lastListed = Map.of();

    private @Nullable Long listedAt;
    /** The time from which on each removal is held back. */
    private Map<String, Long> held = Map.of();
    /** The time from which on ECS has listed nothing of a kind that it counts. */
    private final Map<EntityKind<?>, Long> contradictedSince = new HashMap<>();

    /** An empty tracker, for passes that start here. */
    AbsenceTracker() {}

    /**
     * An empty tracker, for passes that continue those of another process.
     *
     * @param listedAt the time until which that process may have listed any entity
     */
    AbsenceTracker(long listedAt) {
        this.listedAt = listedAt;
    }

    /**
     * Notes a listing.
     *
     * @param absent the living entities of the view that the list lacks
     * @param now the time at which the list began
     */
    void listed(Collection<String> absent, long now) {
        Map<String, @Nullable Long> next = new HashMap<>();
        for (String arn : absent) {
            next.put(arn, lastListed.containsKey(arn) ? lastListed.get(arn) : listedAt);
        }
        lastListed = next;
        listedAt = now;
    }

    /**
     * Whether an empty list counts although ECS's own count contradicts it: it does once the two have differed for the
     * allowance, since either may lag by that much.
     */
    boolean believesEmptyList(EntityKind<?> kind, long now, Duration allowance) {
        return now - contradictedSince.computeIfAbsent(kind, key -> now) >= allowance.toNanos();
    }

    /** Notes that a list and ECS's count agree. */
    void agreed(EntityKind<?> kind) {
        contradictedSince.remove(kind);
    }

    /** Whether ECS has not listed an absent entity for at least the allowance. */
    boolean isLongAbsent(String arn, long now, Duration allowance) {
        Long last = lastListed.get(arn);
        return last == null || now - last >= allowance.toNanos();
    }

    /**
     * The proven removals that may happen now; the tracker holds the rest back. A removal that is proven again after
     * the allowance is admitted, since it is no slip of the API.
     *
     * @param proven the removals that this pass has proven
     * @param known the number of living entities in the view
     * @param now the time at which this pass began
     */
    List<Removal<?>> admit(List<Removal<?>> proven, int known, long now, Duration allowance) {
        List<Removal<?>> again = proven.stream()
                .filter(each -> now - held.getOrDefault(each.arn(), now) >= allowance.toNanos())
                .filter(each -> held.containsKey(each.arn()))
                .toList();
        int fresh = proven.size() - again.size();
        if (fresh <= FEW || fresh <= known * PART) {
            held = Map.of();
            return proven;
        }
        hold(proven, again, now);
        return again;
    }

    private void hold(List<Removal<?>> proven, List<Removal<?>> admitted, long now) {
        Map<String, Long> holding = new HashMap<>();
        proven.forEach(each -> holding.put(each.arn(), held.getOrDefault(each.arn(), now)));
        admitted.forEach(each -> holding.remove(each.arn()));
        held = holding;
    }
}
