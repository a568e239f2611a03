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
 * The polling loops: at least one, more while batches come full, and fewer again afterwards. One long poll at a time
 * has a limited throughput.
 */
final class Pollers {

    /** The number of full batches in a row, over all pollers, that starts one more poller. */
    private static final int FULL_TO_GROW = 4;
    /** The pause before a poller that may not poll checks again. */
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
     * Pollers without a running loop.
     *
     * @param most the limit of loops
     * @param mayPoll whether the mirror could take events in; asked before each poll, since each receipt counts for the
     *     redrive policy
     * @param isOurs whether this mirror holds the source, or needs no claim; asked before and after each poll
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

    /** Starts the first loop, unless one runs. */
    synchronized void start() {
        if (active == 0) {
            grow();
        }
    }

    /** The running loops, and those that have just ended. */
    synchronized List<Loop> loops() {
        return List.copyOf(loops);
    }

    synchronized void stop() {
        isStopping = true;
        loops.forEach(Loop::stop);
    }

    /**
     * Polls once, unless the mirror cannot take events in or another mirror holds the source. If the source changed
     * hands during the poll, the consumer hands the deliveries back.
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

    /** Ends the calling loop, unless it is the only one. */
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
