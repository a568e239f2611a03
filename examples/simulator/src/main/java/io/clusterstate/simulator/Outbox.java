package io.clusterstate.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The events that wait to be sent. The faults of delivery are applied here: an event is lost, doubled, or held until it
 * is due. Without a fault events leave in the order in which they came.
 */
final class Outbox {
    private static final double LOST = 0.02;
    private static final double DOUBLED = 0.1;
    private static final double REORDERED = 0.1;
    private static final double LAG_CHANGES = 0.02;
    private static final Duration LONGEST_LAG = Duration.ofSeconds(5);
    private static final Duration LONGEST_HOLD = Duration.ofSeconds(3);
    private static final Duration LATEST_DOUBLE = Duration.ofSeconds(30);
    private static final Comparator<Held> EARLIEST =
            Comparator.comparing(Held::due).thenComparing(Held::number);

    private final Faults faults;
    private final InstantSource clock;
    private final Randomness random;
    private final Deque<EcsEvent> ready = new ArrayDeque<>();
    private final PriorityQueue<Held> held = new PriorityQueue<>(EARLIEST);
    private final boolean isServed;
    private Instant streamDue = Instant.MIN;
    private Duration lag = Duration.ZERO;
    private long lastNumber;
    private long emitted;
    private long sent;
    private long lost;
    private long duplicated;
    private long foreign;
    private long replayed;
    private int underWay;

    /** @param isServed whether a sender takes the events; otherwise they are only counted */
    Outbox(Faults faults, InstantSource clock, Randomness random, boolean isServed) {
        this.faults = faults;
        this.clock = clock;
        this.random = random;
        this.isServed = isServed;
    }

    synchronized void add(EcsEvent event) {
        emitted++;
        if (!isServed) {
            return;
        }
        if (faults.has(Fault.LOSS) && random.chance(LOST)) {
            lost++;
            return;
        }
        var now = clock.instant();
        var due = dueOf(now);
        hold(event, due);
        if (faults.has(Fault.DUPLICATES) && random.chance(DOUBLED)) {
            duplicated++;
            hold(event, random.chance(0.5) ? due : due.plus(random.upTo(LATEST_DOUBLE)));
        }
        release(now);
    }

    /** Adds an event that does not belong in the queue. */
    synchronized void addStray(EcsEvent event) {
        if (!isServed) {
            return;
        }
        if (event.replay() == null) {
            foreign++;
        } else {
            replayed++;
        }
        var now = clock.instant();
        hold(event, dueOf(now));
        release(now);
    }

    /**
     * Waits for events and takes up to {@code most}. It checks every {@code nap} for held events that have become due.
     */
    synchronized List<EcsEvent> take(int most, Duration nap) throws InterruptedException {
        release(clock.instant());
        while (ready.isEmpty()) {
            wait(nap.toMillis());
            release(clock.instant());
        }
        var batch = new ArrayList<EcsEvent>(most);
        while (batch.size() < most && !ready.isEmpty()) {
            batch.add(ready.removeFirst());
        }
        underWay = batch.size();
        return batch;
    }

    /** Records that the events taken last are in the queue. */
    synchronized void delivered() {
        sent += underWay;
        underWay = 0;
        notifyAll();
    }

    /** Releases all held events and waits until every event is in the queue; false if the limit came first. */
    boolean flush(Duration limit) throws InterruptedException {
        return send(Instant.MAX, limit);
    }

    /** Waits until every event that is due is in the queue; false if the limit came first. */
    boolean sendDue(Duration limit) throws InterruptedException {
        return send(clock.instant(), limit);
    }

    private synchronized boolean send(Instant until, Duration limit) throws InterruptedException {
        release(until);
        long deadline = System.nanoTime() + limit.toNanos();
        while (!ready.isEmpty() || underWay > 0) {
            long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    synchronized EventCounts counts() {
        return new EventCounts(emitted, sent, lost, duplicated, foreign, replayed);
    }

    private Instant dueOf(Instant now) {
        if (faults.has(Fault.REORDER) && random.chance(REORDERED)) {
            return now.plus(random.upTo(LONGEST_HOLD));
        }
        if (!faults.has(Fault.DELAY)) {
            lag = Duration.ZERO;
        } else if (random.chance(LAG_CHANGES)) {
            lag = random.upTo(LONGEST_LAG);
        }
        var due = now.plus(lag);
        streamDue = due.isAfter(streamDue) ? due : streamDue;
        return streamDue;
    }

    private void hold(EcsEvent event, Instant due) {
        held.add(new Held(due, ++lastNumber, event));
    }

    private void release(Instant now) {
        boolean any = false;
        while (!held.isEmpty() && !held.peek().due().isAfter(now)) {
            ready.add(held.remove().event());
            any = true;
        }
        if (any) {
            notifyAll();
        }
    }

    private record Held(Instant due, long number, EcsEvent event) {}
}
