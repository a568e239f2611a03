package io.clusterstate.memory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
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
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Holds the state of the clusters in this process. What it knows is gone with the process; a new one loads again.
 *
 * <p>Reads never wait for writes: they go to an immutable {@link Snapshot}, of which each batch of changes publishes the
 * next. Every effective change has a revision of its own.
 *
 * <p>Memory: nothing is ever given up for space. A task of two containers takes about 3 KiB, its tombstone about 0.2 KiB.
 *
 * <p>Thread: safe for any thread; writers take turns.
 *
 * <h2>Design</h2>
 *
 * <p>Caffeine holds the entities and the tombstones by ARN, and knows when each ends: ended entities after their retention,
 * tombstones after theirs, all else never. Its time stands still between two calls of {@link #expire()}, so that nothing
 * vanishes at any other moment; what it then evicts is made into removals there. Its timer wheel turns about once a
 * second, so that an end may be seen by the next call only, a second later.
 */
public final class MemoryStateStore implements StateStore {

    /** As long as ECS itself shows stopped tasks at the least. Source: the ECS API reference, DescribeTasks. */
    public static final Duration DEFAULT_KEEP_ENDED = Duration.ofHours(1);

    /** As long as EventBridge retries to deliver an event. Source: the EventBridge user guide, on retry policies. */
    public static final Duration DEFAULT_KEEP_TOMBSTONES = Duration.ofHours(24);

    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final ReentrantLock writing = new ReentrantLock();
    private final List<Observed<?>> evicted = new ArrayList<>();
    private final Cache<String, Cell> cells;
    private final InstantSource clock;
    private final Duration keepEnded;
    private final Duration keepTombstones;
    private final Instant epoch;
    private Instant cacheTime;
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
     * @param clock by which the ends of both are judged
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
     * @param clock by which the ends of both are judged
     * @param journal where it publishes; nobody else may
     * @throws IllegalArgumentException if a duration is negative, or longer than a hundred years
     */
    public MemoryStateStore(Duration keepEnded, Duration keepTombstones, InstantSource clock, ChangeJournal journal) {
        this.keepEnded = checked("keepEnded", keepEnded);
        this.keepTombstones = checked("keepTombstones", keepTombstones);
        this.clock = clock;
        this.journal = journal;
        this.epoch = clock.instant();
        this.cacheTime = epoch;
        this.cells = Caffeine.newBuilder()
                .ticker(() -> Duration.between(epoch, cacheTime).toNanos())
                .executor(Runnable::run)
                .expireAfter(Expiry.<String, Cell>writing((arn, cell) -> lifetime(cell)))
                .evictionListener(this::noteEviction)
                .build();
    }

    @Override
    public List<Applied> apply(List<? extends Change<?>> changes) {
        writing.lock();
        try {
            requireOpen();
            Batch batch = new Batch();
            for (Change<?> change : changes) {
                batch.add(change);
            }
            return batch.publish();
        } finally {
            writing.unlock();
        }
    }

    @Override
    public ChangeJournal journal() {
        return journal;
    }

    @Override
    public List<Applied> expire() {
        writing.lock();
        try {
            requireOpen();
            cacheTime = clock.instant();
            evictAll();
            List<Observed<?>> due = List.copyOf(evicted);
            evicted.clear();
            Batch batch = new Batch();
            due.forEach(ended -> batch.add(Removal.of(ended, ended.observedAt(), Removal.Reason.RETENTION)));
            return batch.publish().stream()
                    .filter(applied -> applied.outcome() == Outcome.REMOVED)
                    .toList();
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void close() {
        writing.lock();
        try {
            isClosed = true;
        } finally {
            writing.unlock();
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

    /** Caffeine evicts no more than a thousand at a time. */
    private void evictAll() {
        long before;
        do {
            before = cells.estimatedSize();
            cells.cleanUp();
        } while (cells.estimatedSize() < before);
    }

    /** Told by Caffeine in {@link #expire()}, or when a change takes the place of a cell that was about to be evicted. */
    private void noteEviction(@Nullable String arn, @Nullable Cell cell, RemovalCause cause) {
        Observed<?> ended = cell == null ? null : cell.present();
        if (ended != null) {
            evicted.add(ended);
        }
    }

    /** How long Caffeine is to hold a cell, from the moment at which its time stands: at least until that moves. */
    private Duration lifetime(Cell cell) {
        Removal<?> tombstone = cell.tombstone();
        if (tombstone != null) {
            return until(clock.instant().plus(keepTombstones));
        }
        Observed<?> present = cell.present();
        return present != null && present.hasEnded()
                ? until(VersionRule.endedAt(present).plus(keepEnded))
                : Duration.ofNanos(Long.MAX_VALUE);
    }

    private Duration until(Instant end) {
        Duration left = Duration.between(cacheTime, end);
        return left.isNegative() || left.isZero() ? Duration.ofNanos(1) : left;
    }

    private static Duration checked(String name, Duration duration) {
        if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    name + ": " + duration + " (expected: not negative, at most " + LONGEST + ")");
        }
        return duration;
    }

    /** One batch of changes, worked out under the lock and then kept and published at once. */
    private final class Batch {

        private final Snapshot base = journal.snapshot();
        private final SnapshotEditor editor = SnapshotEditor.of(base);
        private final Instant keptSince = clock.instant().minus(keepEnded);
        private final Map<String, Cell> changed = new HashMap<>();
        private final List<Applied> applied = new ArrayList<>();
        private long revision = base.revision();

        <T> void add(Change<T> change) {
            Cell cell = changed.getOrDefault(change.arn(), cells.getIfPresent(change.arn()));
            Observed<T> before = presentIn(cell, change);
            Removal<T> tombstone = tombstoneIn(cell);
            Decision<T> decision = VersionRule.decide(before, tombstone, change, keptSince);
            Observed<T> after = decision.present();
            if (decision.outcome().hasEffect()) {
                revision++;
                after = after == null ? null : after.at(revision);
                enter(change, after);
            }
            if (after != before || !Objects.equals(decision.tombstone(), tombstone)) {
                changed.put(change.arn(), new Cell(after, decision.tombstone()));
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

        /** The entity. One whose cell Caffeine counts as ended, but has not evicted yet, is present until it is. */
        @SuppressWarnings("unchecked") // an ARN has one kind
        private <T> @Nullable Observed<T> presentIn(@Nullable Cell cell, Change<T> change) {
            return cell == null
                    ? base.observed(change.kind(), change.arn()).orElse(null)
                    : (Observed<T>) cell.present();
        }

        @SuppressWarnings("unchecked") // an ARN has one kind
        private <T> @Nullable Removal<T> tombstoneIn(@Nullable Cell cell) {
            return cell == null ? null : (Removal<T>) cell.tombstone();
        }

        List<Applied> publish() {
            Snapshot after = editor.toSnapshot(revision); // first of all: this may run out of memory
            cells.putAll(changed);
            if (revision != base.revision()) {
                journal.publish(after, applied);
            }
            return List.copyOf(applied);
        }
    }
}
