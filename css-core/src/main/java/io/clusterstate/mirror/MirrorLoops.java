package io.clusterstate.mirror;

import io.clusterstate.LoopStatus;
import io.clusterstate.internal.loop.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The threads of a mirror, which start and end together: the pollers, the loops that call ECS with their describe pool,
 * and the other loops.
 *
 * <p>Thread: safe for any thread.
 */
final class MirrorLoops {

    private final Pollers pollers;
    private final DescribePool describePool;
    /** These loops repeat unfinished work, so an interrupt may come at any point. */
    private final List<Loop> ecsLoops = new ArrayList<>();

    private final List<Loop> otherLoops = new ArrayList<>();
    private boolean areRunning;

    MirrorLoops(Pollers pollers, DescribePool describePool) {
        this.pollers = pollers;
        this.describePool = describePool;
    }

    /** Starts loops. The pollers start by themselves as soon as the mirror may poll. */
    synchronized void start(List<Loop> callingEcs, List<Loop> others) {
        ecsLoops.addAll(callingEcs);
        otherLoops.addAll(others);
        callingEcs.forEach(Loop::start);
        others.forEach(Loop::start);
        areRunning = true;
    }

    /** Whether loops were started, and none was asked to end. */
    synchronized boolean areRunning() {
        return areRunning;
    }

    List<LoopStatus> statuses() {
        return all().stream().map(Loop::status).toList();
    }

    /** Restarts each loop whose thread has died of an Error. */
    void reviveDead() {
        all().forEach(Loop::reviveIfDead);
    }

    /** Asks every loop to end after its present step, and interrupts the calls of ECS. */
    void stop() {
        pollers.stop();
        all().forEach(Loop::stop);
        describePool.stop();
        synchronized (this) {
            areRunning = false;
            ecsLoops.forEach(Loop::interrupt);
        }
    }

    /** Waits for the threads that poll or claim the queue; returns whether they have ended. */
    boolean joinPolling(long deadline) throws InterruptedException {
        List<Loop> polling = new ArrayList<>(pollers.loops());
        synchronized (this) {
            polling.addAll(otherLoops);
        }
        return join(polling, deadline);
    }

    /** Waits for all threads until a moment of {@link System#nanoTime}; returns whether they have ended. */
    boolean join(long deadline) {
        try {
            boolean ended = join(all(), deadline);
            return describePool.join(Duration.ofNanos(deadline - System.nanoTime())) && ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Interrupts all threads, then waits as {@link #join} does. */
    boolean interruptAndJoin(long deadline) {
        all().forEach(Loop::interrupt);
        return join(deadline);
    }

    private static boolean join(List<Loop> loops, long deadline) throws InterruptedException {
        boolean ended = true;
        for (Loop loop : loops) {
            ended &= loop.join(Duration.ofNanos(deadline - System.nanoTime()));
        }
        return ended;
    }

    private List<Loop> all() {
        List<Loop> loops = new ArrayList<>(pollers.loops());
        synchronized (this) {
            loops.addAll(ecsLoops);
            loops.addAll(otherLoops);
        }
        return loops;
    }
}
