package io.clusterstate.mirror;

import io.clusterstate.internal.loop.MonotonicTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A delaying work queue: the list of clusters is one item, and each cluster is another. It yields the due item that is
 * longest overdue, each item to one thread at a time.
 *
 * <p>Thread: safe for any thread. Blocks: only {@link #take}.
 */
final class ReconcileQueue {

    /** Waits for a run of an item. */
    @FunctionalInterface
    interface Waiter {

        /** Called after the run; {@code failure} is null if the run succeeded. */
        void done(@Nullable Throwable failure);
    }

    /** The name of the item that stands for the list of clusters. */
    static final String LIST = "the list of clusters";
    /** The least time between two runs of an item, however often it is hurried. */
    static final Duration LEAST_GAP = Duration.ofSeconds(10);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final MonotonicTime time;
    private final Map<String, WorkItem> items = new ConcurrentHashMap<>();
    private boolean isClosed;
    private long wakeUps;

    ReconcileQueue(MonotonicTime time) {
        this.time = time;
        items.put(LIST, new WorkItem(LIST, time.nanos()));
    }

    /** All items, including the list of clusters. */
    Collection<WorkItem> all() {
        return List.copyOf(items.values());
    }

    /** The items of all clusters. */
    Collection<WorkItem> clusters() {
        return items.values().stream().filter(item -> !item.name().equals(LIST)).toList();
    }

    /** Whether the queue has a cluster that is not deleted. */
    boolean followsLiving(String clusterArn) {
        WorkItem item = items.get(clusterArn);
        return item != null && item.deletedAt().isEmpty();
    }

    /** The item of a cluster; a new item is due at once. */
    WorkItem follow(String clusterArn) {
        return locked(() -> {
            WorkItem item = items.computeIfAbsent(clusterArn, arn -> new WorkItem(arn, time.nanos()));
            changed.signal();
            return item;
        });
    }

    /** Continues with a cluster that another mirror has reconciled: its item is due after a pause. */
    void resume(String clusterArn, Duration pause) {
        locked(() -> {
            WorkItem item = items.computeIfAbsent(clusterArn, arn -> new WorkItem(arn, time.nanos()));
            item.loaded();
            item.complete();
            item.forgetAbsences(time.nanos());
            item.dueAt = time.nanos() + (item.requests.isEmpty() ? Math.max(0, pause.toNanos()) : 0);
            changed.signal();
            return item;
        });
    }

    /** Removes the item of a cluster. */
    void drop(String clusterArn) {
        items.remove(clusterArn);
    }

    /**
     * Takes the due item that is longest overdue; the caller gives it back with {@link #done} or {@link #failed}. Empty
     * if none is due within {@code patience}, or once there were more wake-ups than {@code wakeUpsKnown}.
     *
     * @param isOpen whether an item may be taken now; asked under the queue's lock
     */
    Optional<WorkItem> take(Duration patience, long wakeUpsKnown, Predicate<WorkItem> isOpen)
            throws InterruptedException {
        long end = time.nanos() + patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (!isClosed && wakeUps == wakeUpsKnown) {
                long now = time.nanos();
                WorkItem next = mostOverdue(isOpen);
                if (next != null && next.dueAt - now <= 0) {
                    return Optional.of(taken(next, now));
                }
                long wait = next == null ? end - now : Math.min(end, next.dueAt) - now;
                if (end - now <= 0) {
                    return Optional.empty();
                }
                changed.awaitNanos(wait);
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** The number of calls of {@link #wake}; read it before deciding to wait, so that no later wake-up is missed. */
    long wakeUps() {
        return locked(() -> wakeUps);
    }

    /** Wakes all waiting threads, which return without an item. */
    void wake() {
        locked(() -> {
            wakeUps++;
            changed.signalAll();
            return wakeUps;
        });
    }

    /** Gives an item back. It is due after a pause, or at once if it was requested meanwhile. */
    void done(WorkItem item, Duration pause) {
        giveBack(item, pause).forEach(each -> each.done(null));
    }

    /** Gives an item back whose run failed. */
    void failed(WorkItem item, Duration pause, Throwable why) {
        giveBack(item, pause).forEach(each -> each.done(why));
    }

    private List<Waiter> giveBack(WorkItem item, Duration pause) {
        return locked(() -> {
            item.isTaken = false;
            item.dueAt = nextDue(item, pause);
            item.isHurried = false;
            changed.signal();
            List<Waiter> waiting = new ArrayList<>(item.inWork);
            item.inWork.clear();
            if (items.get(item.name()) != item) { // dropped, so no other run follows
                waiting.addAll(item.requests);
                item.requests.clear();
            }
            return waiting;
        });
    }

    private long nextDue(WorkItem item, Duration pause) {
        long now = time.nanos();
        if (!item.requests.isEmpty()) {
            return now;
        }
        long regular = now + pause.toNanos();
        return item.isHurried ? Math.min(regular, soonest(item)) : regular;
    }

    private long soonest(WorkItem item) {
        return Math.max(time.nanos(), item.takenAt + LEAST_GAP.toNanos());
    }

    /** Makes an item due at once; calls {@code waiter} after a run that begins from now on. */
    void request(String name, Waiter waiter) {
        boolean isQueued = locked(() -> {
            WorkItem item = items.get(name);
            if (isClosed || item == null) {
                return false;
            }
            item.requests.add(waiter);
            item.dueAt = time.nanos();
            changed.signal();
            return true;
        });
        if (!isQueued) {
            waiter.done(new CancellationException(name + ": not followed (expected: a cluster of an open mirror)"));
        }
    }

    /** Makes an item due soon; many calls in a row cause only a few runs. */
    void hurry(String name) {
        locked(() -> {
            WorkItem item = items.get(name);
            if (item != null) {
                item.isHurried = item.isTaken; // its findings may be older than the hint
                item.dueAt = Math.min(item.dueAt, soonest(item));
                changed.signal();
            }
            return item;
        });
    }

    /** Makes every item due soon. */
    void hurryAll() {
        all().forEach(item -> hurry(item.name()));
    }

    /** Makes every waiting item due after a pause at the latest. */
    void waitAtMost(Duration pause) {
        locked(() -> {
            long latest = time.nanos() + pause.toNanos();
            for (WorkItem item : items.values()) {
                item.isHurried |= item.isTaken; // its next pause may be chosen already
                item.dueAt = Math.min(item.dueAt, latest);
            }
            changed.signalAll();
            return latest;
        });
    }

    /** Fails all waiters of items that no thread has taken, since this mirror takes no items now. */
    void abandon(Throwable why) {
        List<Waiter> waiting = locked(() -> {
            List<Waiter> all = new ArrayList<>();
            items.values().forEach(item -> {
                all.addAll(item.requests);
                item.requests.clear();
            });
            return all;
        });
        waiting.forEach(each -> each.done(why));
    }

    /** Ends all waiting. */
    void close() {
        List<Waiter> waiting = locked(() -> {
            isClosed = true;
            changed.signalAll();
            List<Waiter> all = new ArrayList<>();
            items.values().forEach(item -> {
                all.addAll(item.requests);
                all.addAll(item.inWork);
            });
            return all;
        });
        waiting.forEach(each -> each.done(new CancellationException("the mirror was closed")));
    }

    private WorkItem taken(WorkItem item, long now) {
        item.isTaken = true;
        item.takenAt = now;
        item.inWork = item.requests;
        item.requests = new ArrayList<>();
        changed.signal(); // another item may be due as well
        return item;
    }

    private @Nullable WorkItem mostOverdue(Predicate<WorkItem> isOpen) {
        WorkItem found = null;
        for (WorkItem item : items.values()) {
            if (!item.isTaken && isOpen.test(item) && (found == null || item.dueAt - found.dueAt < 0)) {
                found = item;
            }
        }
        return found;
    }

    private <R> R locked(Supplier<R> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
