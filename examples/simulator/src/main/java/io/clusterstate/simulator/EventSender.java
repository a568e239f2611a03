package io.clusterstate.simulator;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that spells events out and puts them into the queue, up to a hundred at a time. */
final class EventSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventSender.class);
    private static final int BATCH = 100;
    /** How long it sleeps at most when there is nothing to do; held events become due by a clock that may be turned. */
    private static final Duration NAP = Duration.ofMillis(10);

    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final Outbox outbox;
    private final EventJson json;
    private final QueueServer queue;
    private final Thread thread;
    private volatile boolean isClosed;

    EventSender(Outbox outbox, EventJson json, QueueServer queue) {
        this.outbox = outbox;
        this.json = json;
        this.queue = queue;
        this.thread = new Thread(this::run, "simulator-courier");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        isClosed = true;
        thread.interrupt();
        Threads.join(thread, CLOSING);
    }

    private void run() {
        try {
            while (!isClosed) {
                queue.send(outbox.take(BATCH, NAP).stream().map(json::of).toList());
                outbox.delivered();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            if (!isClosed) {
                LOG.error("The queue does not take events any more; none will be sent from now on", e);
            }
        }
    }
}
