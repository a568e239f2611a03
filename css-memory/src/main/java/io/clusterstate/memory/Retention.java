package io.clusterstate.memory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Ticker;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.VersionRule;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tombstones of a store, and the deadlines of its ended entities. Caffeine holds both and measures elapsed time, so
 * that a clock that is set changes nothing.
 *
 * <p>The snapshot alone decides which entities are present. A tombstone counts only if the snapshot lacks the entity; a
 * deadline only says when to look. An entry that is written here before a failed publication therefore does no harm.
 * Deadlines that such a failure has lost are made anew from the snapshot before the next write.
 *
 * <p>Thread: one thread at a time, under the store's lock.
 */
final class Retention {

    private final Duration keepEnded;
    private final InstantSource clock;
    private final Ticker ticker;
    private final Duration keepTombstones;
    private Cache<String, Removal<?>> tombstones;
    private Cache<String, Observed<?>> deadlines;
    /** The entities whose deadline has passed, as they were when it was set; until the snapshot lacks them. */
    private final Map<String, Observed<?>> due = new HashMap<>();
    /** Whether every ended entity of the snapshot certainly has a deadline, or is due. */
    private boolean isWhole = true;
    /** Whether a write is under way; it remains true after a write that broke off. */
    private boolean isUnderWay;

    /**
     * A retention without entries.
     *
     * @param keepEnded the time for which an ended entity is kept, from its end by the clock
     * @param keepTombstones the elapsed time for which a tombstone is kept
     */
    Retention(Duration keepEnded, Duration keepTombstones, InstantSource clock, Ticker ticker) {
        this.keepEnded = keepEnded;
        this.keepTombstones = keepTombstones;
        this.clock = clock;
        this.ticker = ticker;
        this.tombstones = newTombstones();
        this.deadlines = newDeadlines();
    }

    private Caffeine<Object, Object> timed() {
        return Caffeine.newBuilder().ticker(ticker).executor(Runnable::run);
    }

    private Cache<String, Removal<?>> newTombstones() {
        return timed().expireAfterWrite(keepTombstones).build();
    }

    private Cache<String, Observed<?>> newDeadlines() {
        return timed().expireAfter(Expiry.<String, Observed<?>>writing((arn, ended) -> timeLeft(ended)))
                .evictionListener(this::noteDue)
                .build();
    }

    private Duration timeLeft(Observed<?> ended) {
        Duration left =
                Duration.between(clock.instant(), VersionRule.endedAt(ended)).plus(keepEnded);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Sets the deadline of an ended entity, which may be now. */
    private void watch(Observed<?> ended) {
        if (timeLeft(ended).isZero()) {
            due.put(ended.arn(), ended);
        } else {
            deadlines.put(ended.arn(), ended);
        }
    }

    /** Caffeine calls this, and only logs what it throws. */
    private void noteDue(@Nullable String arn, @Nullable Observed<?> ended, RemovalCause cause) {
        boolean wasWhole = isWhole;
        isWhole = false;
        if (arn != null && ended != null) {
            due.put(arn, ended);
        }
        isWhole = wasWhole;
    }

    /** The tombstone of an entity that the snapshot lacks; null if there is none. */
    @Nullable Removal<?> tombstone(String arn) {
        return tombstones.getIfPresent(arn);
    }

    /** Enters the tombstones and deadlines of changes, before the changes are published. */
    void prepare(Snapshot base, Map<String, Entry> changed) {
        begin(base);
        changed.forEach((arn, entry) -> {
            Observed<?> present = entry.present();
            Removal<?> tombstone = entry.tombstone();
            if (tombstone != null) {
                tombstones.put(arn, tombstone);
            } else if (present != null && present.hasEnded()) {
                watch(present);
            }
        });
    }

    /** Removes the tombstones and deadlines that changes have made needless, after the changes are published. */
    void settle(Map<String, Entry> changed) {
        changed.forEach((arn, entry) -> {
            Observed<?> present = entry.present();
            if (present != null) {
                tombstones.invalidate(arn);
            }
            if (present == null || !present.hasEnded()) {
                deadlines.invalidate(arn);
                due.remove(arn);
            }
        });
        isUnderWay = false;
    }

    private void begin(Snapshot snapshot) {
        isWhole &= !isUnderWay;
        isUnderWay = true;
        if (!isWhole) {
            renew(snapshot);
            isWhole = true;
        }
    }

    /** Makes new caches, since an {@code Error} may have damaged the old ones. The age of tombstones begins anew. */
    private void renew(Snapshot snapshot) {
        Cache<String, Removal<?>> copy = newTombstones();
        copy.putAll(tombstones.asMap());
        tombstones = copy;
        deadlines = newDeadlines();
        endedIn(snapshot).forEach(this::watch);
    }

    /** The entities of the snapshot whose retention is over; they are due until the snapshot lacks them. */
    List<Observed<?>> due(Snapshot snapshot) {
        begin(snapshot);
        tombstones.cleanUp();
        evictDeadlines();
        List<Observed<?>> expired = new ArrayList<>();
        for (Observed<?> noted : List.copyOf(due.values())) {
            Observed<?> present = snapshot.observed(noted.kind(), noted.arn()).orElse(null);
            if (present != null && isSameEnd(noted, present)) {
                expired.add(present);
            } else {
                watchAgain(noted, present);
            }
        }
        isUnderWay = false;
        return expired;
    }

    /** Evicts all deadlines that have passed; Caffeine evicts at most a thousand at a time. */
    private void evictDeadlines() {
        long before;
        do {
            before = deadlines.estimatedSize();
            deadlines.cleanUp();
        } while (deadlines.estimatedSize() < before);
    }

    private static boolean isSameEnd(Observed<?> noted, Observed<?> present) {
        return present.hasEnded() && VersionRule.endedAt(present).equals(VersionRule.endedAt(noted));
    }

    /** Corrects the deadline of an entity that lives again, or ended at another moment than was noted. */
    private void watchAgain(Observed<?> noted, @Nullable Observed<?> present) {
        due.remove(noted.arn());
        if (present != null && present.hasEnded()) {
            watch(present);
        }
    }

    private static Stream<Observed<?>> endedIn(Snapshot snapshot) {
        Stream<? extends Stream<? extends Observed<?>>> kinds = Stream.of(
                snapshot.tasks().observed(),
                snapshot.instances().observed(),
                snapshot.services().observed(),
                snapshot.clusters().observed());
        return kinds.<Observed<?>>flatMap(kind -> kind).filter(Observed::hasEnded);
    }
}
