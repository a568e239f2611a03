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
 * What the passes over one cluster remember from one to the next about what was on no list: when each was last listed,
 * and which removals were held back because they were too many to be believed at once.
 *
 * <p>It goes by time that never jumps, so that a clock that is set proves nothing.
 *
 * <p>Thread: one thread at a time.
 */
final class AbsenceTracker {

    /** So many are removed without a second look, however small the cluster is. */
    private static final int FEW = 10;
    /** And so large a part of those that are known. */
    private static final double PART = 0.2;

    /** When those that are absent were last listed; null for never by this process. */
    private Map<String, @Nullable Long> lastListed = Map.of();

    private @Nullable Long listedAt;
    /** Since when each removal is held. */
    private Map<String, Long> held = Map.of();
    /** Since when ECS has listed nothing of a kind that it counts. */
    private final Map<EntityKind<?>, Long> contradictedSince = new HashMap<>();

    /** A memory of nothing, of passes that begin here. */
    AbsenceTracker() {}

    /**
     * A memory of nothing, of passes that go on with those of another process.
     *
     * @param listedAt until when that may have listed whatever there is
     */
    AbsenceTracker(long listedAt) {
        this.listedAt = listedAt;
    }

    /**
     * Takes note of a listing.
     *
     * @param absent the living entities of the view that were not on it
     * @param now when it began
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
     * Whether an empty list is believed of which ECS's own count says otherwise: it is once the two have differed for
     * as long as either may be behind itself.
     */
    boolean believesEmptyList(EntityKind<?> kind, long now, Duration allowance) {
        return now - contradictedSince.computeIfAbsent(kind, key -> now) >= allowance.toNanos();
    }

    /** A list and ECS's count agree. */
    void agreed(EntityKind<?> kind) {
        contradictedSince.remove(kind);
    }

    /** Whether an entity that is absent has not been listed for at least as long as ECS may be behind itself. */
    boolean isLongAbsent(String arn, long now, Duration allowance) {
        Long last = lastListed.get(arn);
        return last == null || now - last >= allowance.toNanos();
    }

    /**
     * Those of the proven removals that may go now; the rest is held. What is proven again after the allowance is no
     * slip of the API.
     *
     * @param proven what was proven gone in this pass
     * @param known how many living entities the view had
     * @param now when this pass began
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
