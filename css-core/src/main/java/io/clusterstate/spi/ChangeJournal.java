package io.clusterstate.spi;

import io.clusterstate.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What a store has published: the last snapshot, and the last changes that led to it, so that subscribers can follow
 * and resume. Every store keeps one and publishes through it.
 *
 * <p>Bounded: when more changes are in it than were set, the oldest batches are given up, but never the newest.
 *
 * <p>Memory: a change keeps the value that it replaced and the parts of the snapshot that it changed, about 3 KiB at
 * 100,000 tasks.
 *
 * <p>An {@code Error} such as a lack of memory leaves it as it was before a batch, or as it is after it.
 *
 * <p>Thread: safe for any thread; {@link #publish} is called by one thread at a time, in the order of revisions.
 * Blocks: never for longer than it takes to enter a batch.
 */
public final class ChangeJournal {

    /** Enough for a burst of seconds; about 6 MiB at 100,000 tasks. */
    public static final int DEFAULT_CAPACITY = 2_000;

    /**
     * A batch as it was published.
     *
     * @param after the snapshot after it
     * @param changes those of the batch that had an effect, in the order of their revisions
     * @param total how many changes were published up to the end of this batch, from the store's beginning
     */
    public record Published(Snapshot after, List<Applied> changes, long total) {}

    /**
     * Of the language, since it is released whatever is thrown; it is held for as long as it takes to enter a batch.
     */
    private final Object lock = new Object();
    /**
     * In the order of revisions. The first one is there for its snapshot alone: its changes may be given up. A list,
     * since it takes one more at its end wholly or not at all, whatever is thrown on the way.
     */
    private List<Published> batches = new ArrayList<>();

    private final List<Runnable> hooks = new CopyOnWriteArrayList<>();
    private final int capacity;
    private volatile Published last = new Published(SnapshotEditor.empty(), List.of(), 0);
    /** That of the last, to be had by one reference less. */
    private volatile Snapshot snapshot = last.after();

    /** A journal that holds {@value #DEFAULT_CAPACITY} changes, at an empty snapshot. */
    public ChangeJournal() {
        this(DEFAULT_CAPACITY);
    }

    /**
     * A journal at an empty snapshot.
     *
     * @param capacity how many changes it holds
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
     * Publishes a batch: from now on its snapshot is the last one.
     *
     * @param after the snapshot after the batch
     * @param applied what the batch's changes came to; those without effect are left out
     * @throws IllegalArgumentException if the snapshot's revision is not above the last one's
     */
    public void publish(Snapshot after, List<Applied> applied) {
        List<Applied> effects =
                applied.stream().filter(each -> each.outcome().hasEffect()).toList();
        synchronized (lock) {
            Published batch = new Published(requireLater(after), effects, last.total() + effects.size());
            batches.add(batch);
            last = batch;
            snapshot = after;
            giveUpTheOldest();
        }
        hooks.forEach(Runnable::run);
    }

    /**
     * Goes on at a snapshot to which not every change is known: as for a store that was cut off from where its changes
     * come from, and loads them anew. Nothing can be resumed from before; whoever follows is told the difference, as a
     * reset.
     *
     * @param after the snapshot that is the last one from now on
     * @param changes how many changes lie between, as far as that is known; for those who are told how far behind they
     *     are
     * @throws IllegalArgumentException if the snapshot's revision is not above the last one's
     */
    public void restart(Snapshot after, int changes) {
        synchronized (lock) {
            Published batch = new Published(requireLater(after), List.of(), last.total() + changes);
            List<Published> fresh = new ArrayList<>(List.of(batch));
            batches = fresh;
            last = batch;
            snapshot = after;
        }
        hooks.forEach(Runnable::run);
    }

    private Snapshot requireLater(Snapshot after) {
        if (after.revision() <= last.after().revision()) {
            throw new IllegalArgumentException("after: revision " + after.revision() + " (expected: above "
                    + last.after().revision() + ")");
        }
        return after;
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
     * The last published state. Takes no lock.
     *
     * @return the last published snapshot
     */
    public Snapshot snapshot() {
        return snapshot;
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
     * The batch in which a reader stands who has read up to a revision.
     *
     * @param revision the last revision that was read
     * @return the last batch that does not go beyond that; empty if it was given up
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
     * @return the first batch that goes beyond that; empty if there is none yet, or if not all that came after the
     *     revision is kept
     */
    public Optional<Published> next(long revision) {
        synchronized (lock) {
            int beyond = firstBeyond(revision);
            return beyond == 0 || beyond == batches.size() ? Optional.empty() : Optional.of(batches.get(beyond));
        }
    }

    /** Where the first batch stands that goes beyond a revision; behind the last one if there is none. */
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
     * The oldest revision after which everything is kept.
     *
     * @return the revision
     */
    public long oldest() {
        synchronized (lock) {
            return batches.get(0).after().revision();
        }
    }

    /**
     * Runs something after each publication, on the thread that publishes. For views, which wake those who wait.
     *
     * @param hook must be quick, must not block and must not throw
     */
    public void afterEach(Runnable hook) {
        hooks.add(hook);
    }

    /**
     * Ends what {@link #afterEach} began.
     *
     * @param hook the same object
     */
    public void forget(Runnable hook) {
        hooks.remove(hook);
    }
}
