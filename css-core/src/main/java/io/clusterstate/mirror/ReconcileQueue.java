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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is to be reconciled: the list of clusters and each cluster come when they are due, the longest overdue
 * first, each to one thread at a time.
 *
 * <p>Thread: safe for any thread. Blocks: only {@link #take}.
 */
final class ReconcileQueue {

    /** Waits for a turn. */
    @FunctionalInterface
    interface Waiter {

        /** The turn is done; {@code failure} is why it came to nothing, and null if it did not. */
        void done(@Nullable Throwable failure);
    }

    /** The name of the list of clusters among the turns. */
    static final String LIST = "the list of clusters";
    /** However often it is hurried, a turn does not come again sooner. */
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

    /** Every turn, that of the list of clusters included. */
    Collection<WorkItem> all() {
        return List.copyOf(items.values());
    }

    /** The turns of all clusters. */
    Collection<WorkItem> clusters() {
        return items.values().stream().filter(item -> !item.name().equals(LIST)).toList();
    }

    /** Whether a cluster is followed, and not as one that is deleted. */
    boolean followsLiving(String clusterArn) {
        WorkItem item = items.get(clusterArn);
        return item != null && item.deletedAt().isEmpty();
    }

    /** A cluster's turn, due at once if it is new. */
    WorkItem follow(String clusterArn) {
        return locked(() -> {
            WorkItem item = items.computeIfAbsent(clusterArn, arn -> new WorkItem(arn, time.nanos()));
            changed.signal();
            return item;
        });
    }

    /** Goes on with a cluster that another has compared: its turn is due after a pause. */
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

    /** Follows a cluster no more. */
    void drop(String clusterArn) {
        items.remove(clusterArn);
    }

    /**
     * The turn that is most overdue, to be given back by {@link #done}; empty if none is due within the patience, or
     * once there were more wakeUps than the caller knew of.
     */
    Optional<WorkItem> take(Duration patience, long wakeUpsKnown) throws InterruptedException {
        long end = time.nanos() + patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (!isClosed && wakeUps == wakeUpsKnown) {
                long now = time.nanos();
                WorkItem next = mostOverdue();
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

    /** How often {@link #wake} was called: to be asked for before looking whether to wait for a turn at all. */
    long wakeUps() {
        return locked(() -> wakeUps);
    }

    /** Lets all go without a turn who wait for one to be due. */
    void wake() {
        locked(() -> {
            wakeUps++;
            changed.signalAll();
            return wakeUps;
        });
    }

    /** Gives a turn back, to come again after a pause, or at once if somebody asked for it since it was taken. */
    void done(WorkItem item, Duration pause) {
        giveBack(item, pause).forEach(each -> each.done(null));
    }

    /** Gives a turn back that came to nothing. */
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
            if (items.get(item.name()) != item) { // dropped: there will be no other turn to wait for
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

    /** Makes a turn due at once; {@code waiter} is told when a turn that begins from now on is done. */
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
            waiter.done(new CancellationException(name + ": is not followed (expected: a cluster of an open mirror)"));
        }
    }

    /** Makes a turn due soon, but not so soon that many hints in a row make many turns. */
    void hurry(String name) {
        locked(() -> {
            WorkItem item = items.get(name);
            if (item != null) {
                item.isHurried = item.isTaken; // what it found may be older than the hint
                item.dueAt = Math.min(item.dueAt, soonest(item));
                changed.signal();
            }
            return item;
        });
    }

    /** Makes every turn due soon. */
    void hurryAll() {
        all().forEach(item -> hurry(item.name()));
    }

    /** Lets no turn that is waiting be due later than after a pause. */
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

    /** Fails all who wait for a turn that is not taken: nobody here takes turns now. */
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
        changed.signal(); // another one may be due as well
        return item;
    }

    private @Nullable WorkItem mostOverdue() {
        WorkItem found = null;
        for (WorkItem item : items.values()) {
            if (!item.isTaken && (found == null || item.dueAt - found.dueAt < 0)) {
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
