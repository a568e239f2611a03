package io.clusterstate.memory;

import com.github.benmanes.caffeine.cache.Ticker;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.Decision;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.SnapshotEditor;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.VersionRule;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Holds the state of the clusters in this process. What it knows is gone with the process; a new one loads again.
 *
 * <p>Reads never wait for writes: they go to an immutable {@link Snapshot}, of which each batch of changes publishes
 * the next. Every effective change has a revision of its own.
 *
 * <p>Memory: nothing is ever given up for space. A task of two containers takes about 3 KiB, its tombstone about 0.2
 * KiB.
 *
 * <p>Thread: safe for any thread; writers take turns.
 *
 * <h2>Design</h2>
 *
 * <p>The published snapshot is what is known, and the only thing that is: changes are decided on it. {@link Retention}
 * keeps beside it what is not shown. A removal is remembered before it is published, and an end is watched before it is
 * shown. So an {@code Error} at any point leaves nothing that the same call, repeated, does not mend.
 */
public final class MemoryStateStore implements StateStore {

    /** As long as ECS itself shows stopped tasks at the least. Source: the ECS API reference, DescribeTasks. */
    public static final Duration DEFAULT_KEEP_ENDED = Duration.ofHours(1);

    /** As long as EventBridge retries to deliver an event. Source: the EventBridge user guide, on retry policies. */
    public static final Duration DEFAULT_KEEP_TOMBSTONES = Duration.ofHours(24);

    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** Of the language, since it is released whatever is thrown. */
    private final Object writing = new Object();

    private final Retention retention;
    private final InstantSource clock;
    private final Duration keepEnded;
    private final ChangeJournal journal;
    private boolean isClosed;

    /** A store that keeps ended entities for an hour and tombstones for a day. */
    public MemoryStateStore() {
        this(DEFAULT_KEEP_ENDED, DEFAULT_KEEP_TOMBSTONES, InstantSource.system());
    }

    /**
     * A store that remembers the last {@value ChangeJournal#DEFAULT_CAPACITY} changes for its subscribers.
     *
     * @param keepEnded how long stopped tasks and inactive instances, services and clusters are kept after their end
     * @param keepTombstones how long a removal is remembered; at least as long as a late event can still come
     * @param clock by which it is judged how long ago something ended when that is told; from then on, and for
     *     removals, time is measured by {@link System#nanoTime()}, so that a clock that is set makes nothing forgotten
     *     early
     * @throws IllegalArgumentException if a duration is negative, or longer than a hundred years
     */
    public MemoryStateStore(Duration keepEnded, Duration keepTombstones, InstantSource clock) {
        this(keepEnded, keepTombstones, clock, new ChangeJournal());
    }

    /**
     * A store.
     *
     * @param keepEnded how long stopped tasks and inactive instances, services and clusters are kept after their end
     * @param keepTombstones how long a removal is remembered; at least as long as a late event can still come
     * @param clock by which it is judged how long ago something ended when that is told; from then on, and for
     *     removals, time is measured by {@link System#nanoTime()}, so that a clock that is set makes nothing forgotten
     *     early
     * @param journal where it publishes; nobody else may
     * @throws IllegalArgumentException if a duration is negative, or longer than a hundred years
     */
    public MemoryStateStore(Duration keepEnded, Duration keepTombstones, InstantSource clock, ChangeJournal journal) {
        this(keepEnded, keepTombstones, clock, journal, Ticker.systemTicker());
    }

    /** The same with another measure of time. */
    MemoryStateStore(
            Duration keepEnded, Duration keepTombstones, InstantSource clock, ChangeJournal journal, Ticker ticker) {
        this.keepEnded = checked("keepEnded", keepEnded);
        this.clock = clock;
        this.journal = journal;
        this.retention = new Retention(keepEnded, checked("keepTombstones", keepTombstones), clock, ticker);
    }

    @Override
    public List<Applied> apply(List<? extends Change<?>> changes) {
        synchronized (writing) {
            requireOpen();
            Batch batch = new Batch();
            for (Change<?> change : changes) {
                batch.add(change);
            }
            return batch.publish();
        }
    }

    @Override
    public ChangeJournal journal() {
        return journal;
    }

    @Override
    public List<Applied> expire() {
        synchronized (writing) {
            requireOpen();
            Batch batch = new Batch();
            for (Observed<?> ended : retention.due(batch.base)) {
                batch.add(Removal.of(ended, ended.observedAt(), Removal.Reason.RETENTION));
            }
            return batch.publish().stream()
                    .filter(applied -> applied.outcome() == Outcome.REMOVED)
                    .toList();
        }
    }

    @Override
    public void close() {
        synchronized (writing) {
            isClosed = true;
        }
    }

    @Override
    public String toString() {
        return "memory store, " + snapshot();
    }

    private void requireOpen() {
        if (isClosed) {
            throw new IllegalStateException("memory store: closed (expected: open)");
        }
    }

    private static Duration checked(String name, Duration duration) {
        if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    name + ": " + duration + " (expected: not negative, at most " + LONGEST + ")");
        }
        return duration;
    }

    /** One batch of changes, worked out under the lock on the last snapshot, and then published. */
    private final class Batch {

        private final Snapshot base = journal.snapshot();
        private final SnapshotEditor editor = SnapshotEditor.of(base);
        private final Instant keptSince = clock.instant().minus(keepEnded);
        private final Map<String, Entry> changed = new HashMap<>();
        private final List<Applied> applied = new ArrayList<>();
        private long revision = base.revision();

        <T> void add(Change<T> change) {
            Observed<T> before = presentBefore(change);
            Removal<T> tombstone = before == null ? tombstoneBefore(change) : null;
            Decision<T> decision = VersionRule.decide(before, tombstone, change, keptSince);
            Observed<T> after = decision.present();
            if (decision.outcome().hasEffect()) {
                revision++;
                after = after == null ? null : after.at(revision);
                enter(change, after);
            }
            if (after != before || !Objects.equals(decision.tombstone(), tombstone)) {
                changed.put(change.arn(), new Entry(after, decision.tombstone()));
            }
            applied.add(new Applied(change, decision.outcome(), before, after, revision));
        }

        private void enter(Change<?> change, @Nullable Observed<?> after) {
            if (after == null) {
                editor.remove(change.kind(), change.arn());
            } else {
                editor.put(after);
            }
        }

        @SuppressWarnings("unchecked") // an ARN has one kind
        private <T> @Nullable Observed<T> presentBefore(Change<T> change) {
            Entry cell = changed.get(change.arn());
            return cell == null
                    ? base.observed(change.kind(), change.arn()).orElse(null)
                    : (Observed<T>) cell.present();
        }

        @SuppressWarnings("unchecked") // an ARN has one kind
        private <T> @Nullable Removal<T> tombstoneBefore(Change<T> change) {
            Entry cell = changed.get(change.arn());
            return (Removal<T>) (cell == null ? retention.tombstone(change.arn()) : cell.tombstone());
        }

        List<Applied> publish() {
            Snapshot after = editor.toSnapshot(revision);
            List<Applied> result = List.copyOf(applied);
            retention.prepare(base, changed);
            if (revision != base.revision()) {
                journal.publish(after, result);
            }
            retention.settle(changed);
            return result;
        }
    }
}
