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
 * A store in the memory of this process. The state ends with the process; the next mirror loads it from ECS again.
 *
 * <p>Consistency: reads never wait for writes. They use an immutable {@link Snapshot}, and each batch of changes
 * publishes the next. Every effective change has a revision of its own.
 *
 * <p>Memory: the store never evicts an entity to save space. A task of two containers takes about 3 KiB, its tombstone
 * about 0.2 KiB.
 *
 * <p>Thread: safe for any thread. Blocks: a write waits while another write runs, and nothing else blocks.
 *
 * <h2>Design</h2>
 *
 * <p>The published snapshot is the only state: changes are decided on it. {@link Retention} keeps beside it the
 * tombstones and deadlines, which readers do not see. A removal is remembered before it is published, and an end gets
 * its deadline before it is shown. After an {@code Error} at any point, the same call repairs the store when it is
 * repeated.
 */
public final class MemoryStateStore implements StateStore {

    /** ECS itself shows stopped tasks for at least an hour. Source: the ECS API reference, DescribeTasks. */
    public static final Duration DEFAULT_KEEP_ENDED = Duration.ofHours(1);

    /** EventBridge retries a delivery for a day. Source: the EventBridge user guide, on retry policies. */
    public static final Duration DEFAULT_KEEP_TOMBSTONES = Duration.ofHours(24);

    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** A lock of the language, which is released whatever is thrown. */
    private final Object lock = new Object();

    private final Retention retention;
    private final InstantSource clock;
    private final Duration keepEnded;
    private final ChangeJournal journal;
    private boolean isClosed;

    /** Makes a store that keeps ended entities for an hour and tombstones for a day. */
    public MemoryStateStore() {
        this(DEFAULT_KEEP_ENDED, DEFAULT_KEEP_TOMBSTONES, InstantSource.system());
    }

    /**
     * Makes a store whose journal keeps the last {@value ChangeJournal#DEFAULT_CAPACITY} changes for its subscribers.
     *
     * @param keepEnded the time for which stopped tasks and inactive instances, services and clusters are kept after
     *     their end
     * @param keepTombstones the time for which a removal is remembered, at least that for which an event can be late
     * @param clock the wall clock, which decides how long ago an entity had ended when its end arrives. From then on,
     *     {@link System#nanoTime()} measures the time, so that setting the clock removes nothing early
     * @throws IllegalArgumentException if a duration is negative, or longer than a hundred years
     */
    public MemoryStateStore(Duration keepEnded, Duration keepTombstones, InstantSource clock) {
        this(keepEnded, keepTombstones, clock, new ChangeJournal());
    }

    /**
     * Makes a store with a given journal.
     *
     * @param keepEnded the time for which stopped tasks and inactive instances, services and clusters are kept after
     *     their end
     * @param keepTombstones the time for which a removal is remembered, at least that for which an event can be late
     * @param clock the wall clock, which decides how long ago an entity had ended when its end arrives. From then on,
     *     {@link System#nanoTime()} measures the time, so that setting the clock removes nothing early
     * @param journal the journal of this store alone
     * @throws IllegalArgumentException if a duration is negative, or longer than a hundred years
     */
    public MemoryStateStore(Duration keepEnded, Duration keepTombstones, InstantSource clock, ChangeJournal journal) {
        this(keepEnded, keepTombstones, clock, journal, Ticker.systemTicker());
    }

    /** Makes a store that measures elapsed time by a ticker. */
    MemoryStateStore(
            Duration keepEnded, Duration keepTombstones, InstantSource clock, ChangeJournal journal, Ticker ticker) {
        this.keepEnded = checked("keepEnded", keepEnded);
        this.clock = clock;
        this.journal = journal;
        this.retention = new Retention(keepEnded, checked("keepTombstones", keepTombstones), clock, ticker);
    }

    @Override
    public List<Applied> apply(List<? extends Change<?>> changes) {
        synchronized (lock) {
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
        synchronized (lock) {
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
        synchronized (lock) {
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

    /** A batch of changes: decided under the lock on the last snapshot, and then published as a whole. */
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
                editor.remove((Removal<?>) change); // no value removes another
            } else {
                editor.put(after);
            }
        }

        @SuppressWarnings("unchecked") // an ARN has one kind
        private <T> @Nullable Observed<T> presentBefore(Change<T> change) {
            Entry entry = changed.get(change.arn());
            return entry == null
                    ? base.observed(change.kind(), change.arn()).orElse(null)
                    : (Observed<T>) entry.present();
        }

        @SuppressWarnings("unchecked") // an ARN has one kind
        private <T> @Nullable Removal<T> tombstoneBefore(Change<T> change) {
            Entry entry = changed.get(change.arn());
            return (Removal<T>) (entry == null ? retention.tombstone(change.arn()) : entry.tombstone());
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
