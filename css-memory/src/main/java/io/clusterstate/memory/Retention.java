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
 * What a store keeps beside its snapshot: the tombstones, and when the retention of each ended entity is over. Caffeine
 * holds both and knows their time, which is elapsed time: a clock that is set changes nothing.
 *
 * <p>The snapshot alone says what is there. A tombstone counts only where the snapshot has no entity; a deadline says
 * when to look. So what is written here before a publication harms nothing if that fails, and deadlines that got lost
 * on the way are made anew from the snapshot before the next write.
 *
 * <p>Thread: one at a time, under the store's lock.
 */
final class Retention {

    private final Duration keepEnded;
    private final InstantSource clock;
    private final Ticker ticker;
    private final Duration keepTombstones;
    private Cache<String, Removal<?>> tombstones;
    private Cache<String, Observed<?>> deadlines;
    /** Those whose time is over, as they were when it was set; until they are out of the snapshot. */
    private final Map<String, Observed<?>> due = new HashMap<>();
    /** Whether each ended entity of the snapshot certainly has its deadline, or is due. */
    private boolean isWhole = true;
    /** Still true afterwards if a write did not come to its end. */
    private boolean isUnderWay;

    /** Tombstones are kept for so long; ended entities from their end, by the clock. */
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

    /** Has it noted when its time is over, which may be now. */
    private void watch(Observed<?> ended) {
        if (timeLeft(ended).isZero()) {
            due.put(ended.arn(), ended);
        } else {
            deadlines.put(ended.arn(), ended);
        }
    }

    /** Called by Caffeine, which logs what this throws and goes on. */
    private void noteDue(@Nullable String arn, @Nullable Observed<?> ended, RemovalCause cause) {
        boolean wasWhole = isWhole;
        isWhole = false;
        if (arn != null && ended != null) {
            due.put(arn, ended);
        }
        isWhole = wasWhole;
    }

    /** The removal that is remembered of an entity that the snapshot has not. */
    @Nullable Removal<?> tombstone(String arn) {
        return tombstones.getIfPresent(arn);
    }

    /** Before a publication on a snapshot: remembers what goes, and when what has ended is to go. */
    void prepare(Snapshot base, Map<String, Entry> changed) {
        begin(base);
        changed.forEach((arn, cell) -> {
            Observed<?> present = cell.present();
            Removal<?> tombstone = cell.tombstone();
            if (tombstone != null) {
                tombstones.put(arn, tombstone);
            } else if (present != null && present.hasEnded()) {
                watch(present);
            }
        });
    }

    /** After the publication: forgets what it has made needless. */
    void settle(Map<String, Entry> changed) {
        changed.forEach((arn, cell) -> {
            Observed<?> present = cell.present();
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

    /** Nobody knows what an {@code Error} has left of a cache and its locks. The age of tombstones begins anew. */
    private void renew(Snapshot snapshot) {
        Cache<String, Removal<?>> remembered = newTombstones();
        remembered.putAll(tombstones.asMap());
        tombstones = remembered;
        deadlines = newDeadlines();
        endedIn(snapshot).forEach(this::watch);
    }

    /** Those of the snapshot whose retention is over; the same again until they are out of it. */
    List<Observed<?>> due(Snapshot snapshot) {
        begin(snapshot);
        tombstones.cleanUp();
        evictDeadlines();
        List<Observed<?>> over = new ArrayList<>();
        for (Observed<?> noted : List.copyOf(due.values())) {
            Observed<?> present = snapshot.observed(noted.kind(), noted.arn()).orElse(null);
            if (present != null && isSameEnd(noted, present)) {
                over.add(present);
            } else {
                watchAgain(noted, present);
            }
        }
        isUnderWay = false;
        return over;
    }

    /** Caffeine evicts no more than a thousand at a time. */
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

    /** It began anew, or ended at another moment than was noted. */
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
