package io.clusterstate;

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
final class Turns {

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
    private final Map<String, Turn> turns = new ConcurrentHashMap<>();
    private boolean isClosed;
    private long wakings;

    Turns(MonotonicTime time) {
        this.time = time;
        turns.put(LIST, new Turn(LIST, time.nanos()));
    }

    /** Every turn, that of the list of clusters included. */
    Collection<Turn> all() {
        return List.copyOf(turns.values());
    }

    /** The turns of all clusters. */
    Collection<Turn> clusters() {
        return turns.values().stream().filter(turn -> !turn.name().equals(LIST)).toList();
    }

    /** Whether a cluster is followed, and not as one that is deleted. */
    boolean followsLiving(String clusterArn) {
        Turn turn = turns.get(clusterArn);
        return turn != null && turn.deletedAt().isEmpty();
    }

    /** A cluster's turn, due at once if it is new. */
    Turn follow(String clusterArn) {
        return locked(() -> {
            Turn turn = turns.computeIfAbsent(clusterArn, arn -> new Turn(arn, time.nanos()));
            changed.signal();
            return turn;
        });
    }

    /** Goes on with a cluster that another has compared: its turn is due after a pause. */
    void resume(String clusterArn, Duration pause) {
        locked(() -> {
            Turn turn = turns.computeIfAbsent(clusterArn, arn -> new Turn(arn, time.nanos()));
            turn.loaded();
            turn.complete();
            turn.forgetAbsences(time.nanos());
            turn.dueAt = time.nanos() + (turn.asked.isEmpty() ? Math.max(0, pause.toNanos()) : 0);
            changed.signal();
            return turn;
        });
    }

    /** Follows a cluster no more. */
    void drop(String clusterArn) {
        turns.remove(clusterArn);
    }

    /**
     * The turn that is most overdue, to be given back by {@link #done}; empty if none is due within the patience, or once
     * there were more wakings than the caller knew of.
     */
    Optional<Turn> take(Duration patience, long wakingsKnown) throws InterruptedException {
        long end = time.nanos() + patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (!isClosed && wakings == wakingsKnown) {
                long now = time.nanos();
                Turn next = mostOverdue();
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
    long wakings() {
        return locked(() -> wakings);
    }

    /** Lets all go without a turn who wait for one to be due. */
    void wake() {
        locked(() -> {
            wakings++;
            changed.signalAll();
            return wakings;
        });
    }

    /** Gives a turn back, to come again after a pause, or at once if somebody asked for it since it was taken. */
    void done(Turn turn, Duration pause) {
        giveBack(turn, pause).forEach(each -> each.done(null));
    }

    /** Gives a turn back that came to nothing. */
    void failed(Turn turn, Duration pause, Throwable why) {
        giveBack(turn, pause).forEach(each -> each.done(why));
    }

    private List<Waiter> giveBack(Turn turn, Duration pause) {
        return locked(() -> {
            turn.isTaken = false;
            turn.dueAt = nextDue(turn, pause);
            turn.isHurried = false;
            changed.signal();
            List<Waiter> waiting = new ArrayList<>(turn.served);
            turn.served.clear();
            if (turns.get(turn.name()) != turn) { // dropped: there will be no other turn to wait for
                waiting.addAll(turn.asked);
                turn.asked.clear();
            }
            return waiting;
        });
    }

    private long nextDue(Turn turn, Duration pause) {
        long now = time.nanos();
        if (!turn.asked.isEmpty()) {
            return now;
        }
        long regular = now + pause.toNanos();
        return turn.isHurried ? Math.min(regular, soonest(turn)) : regular;
    }

    private long soonest(Turn turn) {
        return Math.max(time.nanos(), turn.takenAt + LEAST_GAP.toNanos());
    }

    /** Makes a turn due at once; {@code waiter} is told when a turn that begins from now on is done. */
    void ask(String name, Waiter waiter) {
        boolean isAsked = locked(() -> {
            Turn turn = turns.get(name);
            if (isClosed || turn == null) {
                return false;
            }
            turn.asked.add(waiter);
            turn.dueAt = time.nanos();
            changed.signal();
            return true;
        });
        if (!isAsked) {
            waiter.done(new CancellationException(name + ": is not followed (expected: a cluster of an open mirror)"));
        }
    }

    /** Makes a turn due soon, but not so soon that many hints in a row make many turns. */
    void hurry(String name) {
        locked(() -> {
            Turn turn = turns.get(name);
            if (turn != null) {
                turn.isHurried = turn.isTaken; // what it found may be older than the hint
                turn.dueAt = Math.min(turn.dueAt, soonest(turn));
                changed.signal();
            }
            return turn;
        });
    }

    /** Makes every turn due soon. */
    void hurryAll() {
        all().forEach(turn -> hurry(turn.name()));
    }

    /** Lets no turn that is waiting be due later than after a pause. */
    void waitAtMost(Duration pause) {
        locked(() -> {
            long latest = time.nanos() + pause.toNanos();
            for (Turn turn : turns.values()) {
                turn.isHurried |= turn.isTaken; // its next pause may be chosen already
                turn.dueAt = Math.min(turn.dueAt, latest);
            }
            changed.signalAll();
            return latest;
        });
    }

    /** Fails all who wait for a turn that is not taken: nobody here takes turns now. */
    void abandon(Throwable why) {
        List<Waiter> waiting = locked(() -> {
            List<Waiter> all = new ArrayList<>();
            turns.values().forEach(turn -> {
                all.addAll(turn.asked);
                turn.asked.clear();
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
            turns.values().forEach(turn -> {
                all.addAll(turn.asked);
                all.addAll(turn.served);
            });
            return all;
        });
        waiting.forEach(each -> each.done(new CancellationException("the mirror was closed")));
    }

    private Turn taken(Turn turn, long now) {
        turn.isTaken = true;
        turn.takenAt = now;
        turn.served = turn.asked;
        turn.asked = new ArrayList<>();
        changed.signal(); // another one may be due as well
        return turn;
    }

    private @Nullable Turn mostOverdue() {
        Turn found = null;
        for (Turn turn : turns.values()) {
            if (!turn.isTaken && (found == null || turn.dueAt - found.dueAt < 0)) {
                found = turn;
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
