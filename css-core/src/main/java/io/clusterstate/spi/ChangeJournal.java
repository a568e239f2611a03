package io.clusterstate.spi;

import static java.util.Objects.requireNonNull;

import io.clusterstate.EntityKind;
import io.clusterstate.Freshness;
import io.clusterstate.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * The last changes of a store and its last snapshot, from which subscribers follow and resume. Every store has one and
 * publishes through it.
 *
 * <p>Bounded: beyond its capacity in changes, the journal drops its oldest batches, but never the newest.
 *
 * <p>Memory: a change keeps the value that it replaced and the parts of the snapshot that it changed, about 3 KiB at
 * 100,000 tasks. Each entity of the last snapshot takes about 40 bytes more, for {@link #find}.
 *
 * <p>An {@code Error}, such as a lack of memory, leaves the journal as before a batch or as after it.
 *
 * <p>Thread: safe for any thread; {@link #publish} and {@link #restart} are called by one thread at a time, in the
 * order of revisions. Blocks: never for longer than it takes to add a batch; a restart takes over the whole snapshot,
 * about 30 ms at 100,000 entities.
 */
public final class ChangeJournal {

    /** The default capacity in changes: a burst of seconds, about 6 MiB at 100,000 tasks. */
    public static final int DEFAULT_CAPACITY = 2_000;

    /**
     * A published batch.
     *
     * @param after the snapshot after the batch
     * @param changes the changes that had an effect, in the order of their revisions
     * @param total the number of changes from the store's beginning to the end of this batch
     */
    public record Published(Snapshot after, List<Applied> changes, long total) {}

    /**
     * A freshness to publish.
     *
     * @param move the number of moves before it was read
     */
    private record Stamp(long move, Freshness freshness) {}

    /** A monitor rather than a lock object, since the JVM releases it whatever is thrown; held only to add a batch. */
    private final Object lock = new Object();
    /**
     * The batches in the order of revisions. The first serves for its snapshot alone; its changes may have been
     * dropped. An {@code ArrayList} adds an element wholly or not at all, whatever is thrown meanwhile.
     */
    private List<Published> batches = new ArrayList<>();

    private final LatestValues latest = new LatestValues();
    private final List<Runnable> hooks = new CopyOnWriteArrayList<>();
    private final int capacity;
    /** The number of moves of the freshness, each counted before its new value is read. */
    private final AtomicLong moves = new AtomicLong();

    private final AtomicReference<Supplier<Freshness>> freshness = new AtomicReference<>(() -> Freshness.NONE);
    /** The move whose freshness the last snapshot has. */
    private long stampedMove;

    private volatile Published last = new Published(SnapshotEditor.empty(), List.of(), 0);
    /** The snapshot of the last batch, one reference closer. */
    private volatile Snapshot snapshot = last.after();

    /** Creates a journal with room for {@value #DEFAULT_CAPACITY} changes, at an empty snapshot. */
    public ChangeJournal() {
        this(DEFAULT_CAPACITY);
    }

    /**
     * Creates a journal at an empty snapshot.
     *
     * @param capacity the number of changes that it holds
     * @throws IllegalArgumentException if the capacity is negative
     */
    public ChangeJournal(int capacity) {
        if (capacity < 0) {
            throw new IllegalArgumentException("capacity: " + capacity + " (expected: 0 or more)");
        }
        this.capacity = capacity;
        batches.add(last);
    }

    /**
     * Publishes a batch; its snapshot becomes the last one.
     *
     * @param after the snapshot after the batch
     * @param applied the changes of the batch; those without effect are left out
     * @throws IllegalArgumentException if the snapshot's revision is not above the last one's
     */
    public void publish(Snapshot after, List<Applied> applied) {
        List<Applied> effects =
                applied.stream().filter(each -> each.outcome().hasEffect()).toList();
        boolean isWhole = latest.isWhole();
        Stamp stamp = stamp();
        synchronized (lock) {
            Published batch = new Published(stamped(after, stamp), effects, last.total() + effects.size());
            latest.suspend();
            batches.add(batch);
            last = batch;
            snapshot = batch.after();
            giveUpTheOldest();
        }
        try {
            if (isWhole) {
                latest.follow(effects);
            } else {
                latest.replace(after); // an Error broke off the batch before
            }
        } finally {
            hooks.forEach(Runnable::run);
        }
    }

    /**
     * Continues at a snapshot although the changes that led to it are unknown: for a store that was cut off from its
     * source and reloads. No subscriber can resume from before; each one is told the difference, as a reset.
     *
     * @param after the snapshot, which becomes the last one
     * @param changes the number of changes in between, as far as it is known; it counts for subscribers' {@code behind}
     * @throws IllegalArgumentException if the snapshot's revision is not above the last one's
     */
    public void restart(Snapshot after, int changes) {
        Stamp stamp = stamp();
        synchronized (lock) {
            Published batch = new Published(stamped(after, stamp), List.of(), last.total() + changes);
            List<Published> fresh = new ArrayList<>(List.of(batch));
            latest.suspend();
            batches = fresh;
            last = batch;
            snapshot = batch.after();
        }
        try {
            latest.replace(after); // beside the lock, since it takes a while
        } finally {
            hooks.forEach(Runnable::run);
        }
    }

    private Snapshot requireLater(Snapshot after) {
        if (after.revision() <= last.after().revision()) {
            throw new IllegalArgumentException("after: revision " + after.revision() + " (expected: above "
                    + last.after().revision() + ")");
        }
        return after;
    }

    private Stamp stamp() {
        long move = moves.get();
        return new Stamp(move, presentFreshness());
    }

    /**
     * A later snapshot with its freshness, which was read before it is published: a pass confirms only after its last
     * change was published. If the freshness moved since, the last snapshot has it, or is about to.
     */
    private Snapshot stamped(Snapshot after, Stamp stamp) {
        requireLater(after);
        boolean isLatest = stamp.move() >= stampedMove;
        return SnapshotEditor.stamp(after, isLatest ? stamp.freshness() : snapshot.freshness());
    }

    /**
     * Sets the source of the freshness that each published snapshot carries.
     *
     * @param source reads the present freshness; quick, never throws, and takes no lock that a caller of
     *     {@link #freshnessMoved} may hold
     */
    public void freshnessFrom(Supplier<Freshness> source) {
        freshness.set(source);
        freshnessMoved();
    }

    /**
     * Lets go of a source of {@link #freshnessFrom}. Later snapshots have {@link Freshness#NONE}, until there is
     * another source. No effect if another source is set already.
     *
     * @param source the source, by identity
     */
    public void forgetFreshness(Supplier<Freshness> source) {
        freshness.compareAndSet(source, () -> Freshness.NONE);
    }

    private Freshness presentFreshness() {
        return requireNonNull(freshness.get()).get();
    }

    /**
     * Replaces the last snapshot by one with the present freshness, at the same revision. Call it after the freshness
     * has moved; no hook runs.
     */
    public void freshnessMoved() {
        long move = moves.incrementAndGet();
        Freshness now = presentFreshness();
        synchronized (lock) {
            if (move > stampedMove) {
                stampedMove = move;
                Published stamped =
                        new Published(SnapshotEditor.stamp(last.after(), now), last.changes(), last.total());
                batches.set(batches.size() - 1, stamped);
                last = stamped;
                snapshot = stamped.after();
            }
        }
    }

    private void giveUpTheOldest() {
        int surplus = 0;
        while (batches.size() - surplus > 2
                && last.total() - batches.get(surplus).total() > capacity) {
            surplus++;
        }
        batches.subList(0, surplus).clear();
    }

    /**
     * The last published snapshot. Takes no lock.
     *
     * @return the snapshot
     */
    public Snapshot snapshot() {
        return snapshot;
    }

    /**
     * The value of an entity in the last published snapshot. An ARN that is there is found faster than in the snapshot
     * itself. Takes no lock.
     *
     * @param kind the kind of entity
     * @param arnOrId the entity's ARN, or its id or name
     * @param <T> the AWS SDK's type of the entity
     * @return the value; empty if the snapshot has none
     * @throws IllegalArgumentException if several entities have that id or name
     */
    public <T> Optional<T> find(EntityKind<T> kind, String arnOrId) {
        long turn = latest.turn();
        T value = latest.get(kind, arnOrId);
        return latest.isBelievable(turn) && value != null
                ? Optional.of(value)
                : SnapshotEditor.find(snapshot, kind, arnOrId);
    }

    /**
     * The last published batch. Takes no lock.
     *
     * @return the batch; an empty one at the beginning
     */
    public Published last() {
        return last;
    }

    /**
     * The position of a reader that has read up to a revision.
     *
     * @param revision the last revision that was read
     * @return the last batch that does not exceed the revision; empty if it was dropped
     */
    public Optional<Published> at(long revision) {
        synchronized (lock) {
            int beyond = firstBeyond(revision);
            return beyond == 0 ? Optional.empty() : Optional.of(batches.get(beyond - 1));
        }
    }

    /**
     * The batch after a revision.
     *
     * @param revision the last revision that was read
     * @return the first batch that exceeds the revision; empty if there is none yet, or if changes after the revision
     *     were dropped
     */
    public Optional<Published> next(long revision) {
        synchronized (lock) {
            int beyond = firstBeyond(revision);
            return beyond == 0 || beyond == batches.size() ? Optional.empty() : Optional.of(batches.get(beyond));
        }
    }

    /** The index of the first batch that exceeds a revision; the size of the list if none does. */
    private int firstBeyond(long revision) {
        int low = 0;
        int high = batches.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (batches.get(middle).after().revision() > revision) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /**
     * The oldest revision after which the journal holds every change.
     *
     * @return the revision
     */
    public long oldest() {
        synchronized (lock) {
            return batches.get(0).after().revision();
        }
    }

    /**
     * Runs a hook after each publication, on the publishing thread. Views use it to wake their waiters.
     *
     * @param hook a hook that is quick, never blocks and never throws
     */
    public void afterEach(Runnable hook) {
        hooks.add(hook);
    }

    /**
     * Removes a hook of {@link #afterEach}.
     *
     * @param hook the hook, by identity
     */
    public void forget(Runnable hook) {
        hooks.remove(hook);
    }
}
