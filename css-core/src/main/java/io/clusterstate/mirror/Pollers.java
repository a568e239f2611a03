package io.clusterstate.mirror;

import io.clusterstate.internal.loop.Environment;
import io.clusterstate.internal.loop.Loop;
import io.clusterstate.spi.EventSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * The polling loops: one at least; more while batches come full, since one long poll at a time can bring only so much;
 * and fewer again when they do not.
 */
final class Pollers {

    /** So many full batches in a row, of all pollers, ask for one more poller. */
    private static final int FULL_TO_GROW = 4;
    /** How often one that may not poll looks whether it may. */
    private static final Duration NOT_POLLING = Duration.ofMillis(200);

    private final Environment environment;
    private final EventConsumer consumer;
    private final int most;
    private final BooleanSupplier mayPoll;
    private final BooleanSupplier isOurs;
    private final List<Loop> loops = new ArrayList<>();
    private final AtomicInteger fullInARow = new AtomicInteger();
    private int active;
    private int started;
    private boolean isStopping;

    /**
     * No loop yet.
     *
     * @param most how many loops at the most
     * @param mayPoll says whether events could be taken in; asked at each poll, since each receipt counts for the
     *     redrive policy
     * @param isOurs says whether this mirror has the source to itself, or shares it rightly; asked at each poll
     */
    Pollers(
            Environment environment,
            EventConsumer consumer,
            int most,
            BooleanSupplier mayPoll,
            BooleanSupplier isOurs) {
        this.environment = environment;
        this.consumer = consumer;
        this.most = most;
        this.mayPoll = mayPoll;
        this.isOurs = isOurs;
    }

    /** Starts the first loop, if none runs. */
    synchronized void start() {
        if (active == 0) {
            grow();
        }
    }

    /** The loops that run, and those that have just ended. */
    synchronized List<Loop> loops() {
        return List.copyOf(loops);
    }

    synchronized void stop() {
        isStopping = true;
        loops.forEach(Loop::stop);
    }

    /**
     * Polls once; but neither while events could not be taken in, nor from a source that another mirror holds. Hands
     * back what a poll brings that began before that.
     */
    private Duration poll(Loop.Heartbeat heartbeat) throws InterruptedException {
        if (!mayPoll.getAsBoolean() || !isOurs.getAsBoolean()) {
            return NOT_POLLING;
        }
        int received = consumer.consume(() -> isStopping() || !isOurs.getAsBoolean());
        heartbeat.beat();
        if (received >= EventSource.FULL_BATCH) {
            if (fullInARow.incrementAndGet() >= FULL_TO_GROW) {
                fullInARow.set(0);
                grow();
            }
            return Duration.ZERO;
        }
        fullInARow.set(0);
        return received == 0 && shrink() ? Loop.LAST : Duration.ZERO;
    }

    private synchronized void grow() {
        if (!isStopping && active < most) {
            loops.removeIf(loop -> !loop.isAlive());
            Loop loop = new Loop("poll-" + (started + 1), environment, this::poll);
            loop.start();
            loops.add(loop);
            started++;
            active++;
        }
    }

    /** Lets the asking loop go, unless it is the only one. */
    private synchronized boolean shrink() {
        if (active == 1) {
            return false;
        }
        active--;
        return true;
    }

    private synchronized boolean isStopping() {
        return isStopping;
    }
}
