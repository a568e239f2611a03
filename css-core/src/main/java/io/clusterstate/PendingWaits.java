package io.clusterstate;

import io.clusterstate.spi.ChangeJournal;
import io.clusterstate.spi.ChangeJournal.Published;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The waits of one view that have a future. One thread follows the journal for all of them, and tests those whose
 * entities have changed; it starts with the first future and ends with the view. A view by hand has no such thread.
 *
 * <p>Thread: safe for any thread. No lock is held while a future completes, since that runs the actions of its owner.
 */
final class PendingWaits {

    private static final Logger LOG = LoggerFactory.getLogger(PendingWaits.class);

    /** Before every revision, so that each wait is tested anew. */
    private static final long NOTHING = -1;

    private final StoreView view;
    private final ChangeJournal journal;
    private final Signal signal;
    private final @Nullable ThreadFactory threads;
    private final Object lock = new Object();
    /** Guarded by {@link #lock}, as are the next three. */
    private final Map<String, Set<Pending<?>>> byArn = new HashMap<>();

    private final Set<Pending<?>> all = new LinkedHashSet<>();
    /** The waits that came while the view was not ready, so that no snapshot was tested. */
    private final Set<Pending<?>> untested = new LinkedHashSet<>();

    private @Nullable Thread thread;
    /** The revision up to which changes were followed; used by one thread at a time. */
    private long followed;

    /** A wait and its future; compared by identity. */
    private static final class Pending<R> {

        private final Wait<R> wait;
        private final CompletableFuture<R> future = new CompletableFuture<>();

        Pending(Wait<R> wait) {
            this.wait = wait;
        }

        /** The completion of the future, if the wait ends at a snapshot. */
        @SuppressWarnings("IllegalCatch") // whatever a wait throws is its answer
        synchronized @Nullable Runnable completionAt(Snapshot snapshot) {
            try {
                R result = wait.test(snapshot);
                return result == null ? null : () -> future.complete(result);
            } catch (Throwable e) {
                return () -> future.completeExceptionally(e);
            }
        }
    }

    /**
     * No waits yet.
     *
     * @param threads makes the thread; null for a view by hand
     */
    PendingWaits(StoreView view, ChangeJournal journal, Signal signal, @Nullable ThreadFactory threads) {
        this.view = view;
        this.journal = journal;
        this.signal = signal;
        this.threads = threads;
    }

    /**
     * Adds a wait. It is entered first and tested then, so that no change falls in between: the thread tests it after
     * every change that the snapshot here lacks.
     */
    <R> CompletableFuture<R> add(Wait<R> wait) {
        Pending<R> pending = new Pending<>(wait);
        if (view.isReady()) {
            test(pending);
        }
        if (!pending.future.isDone()) {
            enter(pending);
            CompletableFuture<R> unused = pending.future.whenComplete((result, failure) -> leave(pending));
            testFirst(pending);
        }
        return pending.future;
    }

    private void enter(Pending<?> pending) {
        synchronized (lock) {
            if (thread == null && threads != null && view.end() == null) {
                start(threads);
            }
            all.add(pending);
            untested.add(pending);
            pending.wait.arns().forEach(arn -> byArn.computeIfAbsent(arn, each -> new LinkedHashSet<>())
                    .add(pending));
        }
    }

    private void start(ThreadFactory factory) {
        Thread made = factory.newThread(this::run);
        made.setName("css-futures");
        made.start();
        thread = made;
    }

    private void testFirst(Pending<?> pending) {
        NotReadyException end = view.end();
        if (end != null) {
            pending.future.completeExceptionally(end);
        } else if (view.isReady()) {
            synchronized (lock) {
                untested.remove(pending);
            }
            test(pending);
        }
    }

    /** Completes a future if its wait ends at the present snapshot; returns whether it does. */
    private boolean test(Pending<?> pending) {
        Runnable completion = pending.completionAt(journal.snapshot());
        if (completion == null) {
            return false;
        }
        leave(pending); // the owner's actions find nothing left of it
        completion.run();
        return true;
    }

    private void leave(Pending<?> pending) {
        synchronized (lock) {
            all.remove(pending);
            untested.remove(pending);
            for (String arn : pending.wait.arns()) {
                byArn.computeIfPresent(arn, (each, waits) -> {
                    waits.remove(pending);
                    return waits.isEmpty() ? null : waits;
                });
            }
        }
    }

    private void run() {
        boolean isOver = false;
        while (!isOver) {
            long seen = signal.count();
            isOver = view.end() != null;
            settleUnlessBroken();
            if (!isOver) {
                pause(seen);
            }
        }
    }

    /** An {@code Error}, such as a lack of memory, delays futures until the next change. */
    @SuppressWarnings("IllegalCatch") // the thread serves every future of the view
    private void settleUnlessBroken() {
        try {
            settle();
        } catch (Throwable e) {
            followed = NOTHING;
            LOG.warn("futures: failed, and are tested again after the next change", e);
        }
    }

    private void pause(long seen) {
        try {
            signal.await(seen);
        } catch (InterruptedException e) {
            LOG.debug("futures: interrupted, which ends nothing but a wait");
        }
    }

    /** Completes the futures that the changes since the last call complete; returns their number. */
    int settle() {
        NotReadyException end = view.end();
        if (end != null) {
            Collection<Pending<?>> left = everyone();
            left.forEach(pending -> pending.future.completeExceptionally(end));
            return left.size();
        }
        int completed = 0;
        if (view.isReady()) {
            for (Pending<?> pending : due()) {
                completed += test(pending) ? 1 : 0;
            }
        }
        return completed;
    }

    private Collection<Pending<?>> everyone() {
        synchronized (lock) {
            return List.copyOf(all);
        }
    }

    /** The waits whose entities have changed; everyone if the journal has dropped changes. */
    private Collection<Pending<?>> due() {
        // Before the look at the waits, and of the snapshot that a new one is tested on: a later wait sees this
        // revision.
        long last = journal.snapshot().revision();
        Set<Pending<?>> due = new LinkedHashSet<>();
        synchronized (lock) {
            if (all.isEmpty()) {
                followed = last;
                return due;
            }
            due.addAll(untested);
            untested.clear();
        }
        Optional<Published> next = journal.next(followed);
        while (next.isPresent()) {
            addChanged(next.get(), due);
            followed = next.get().after().revision();
            next = journal.next(followed);
        }
        if (followed < last) {
            followed = last;
            due.addAll(everyone());
        }
        return due;
    }

    private void addChanged(Published batch, Set<Pending<?>> due) {
        synchronized (lock) {
            batch.changes()
                    .forEach(change ->
                            due.addAll(byArn.getOrDefault(change.change().arn(), Set.of())));
        }
    }

    /**
     * Fails all futures on the thread, so that an action cannot hold up the caller; interrupts an action in the last
     * fifth of the limit.
     */
    void close(Duration limit) {
        Thread own;
        synchronized (lock) {
            own = thread;
        }
        if (own == null || own == Thread.currentThread()) {
            settle();
        } else if (!hasEnded(own, limit.multipliedBy(4).dividedBy(5))) {
            own.interrupt();
            if (!hasEnded(own, limit.dividedBy(5))) {
                LOG.warn("close: an action of a future did not return within {}; its thread ends with it", limit);
                settle(); // the other futures
            }
        }
    }

    private static boolean hasEnded(Thread own, Duration limit) {
        try {
            own.join(Math.max(1, limit.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !own.isAlive();
    }

    @Override
    public String toString() {
        synchronized (lock) {
            return all.size() + " futures wait for " + byArn.size() + " entities, " + untested.size() + " untested";
        }
    }
}
