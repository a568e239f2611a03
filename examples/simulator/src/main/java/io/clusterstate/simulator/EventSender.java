package io.clusterstate.simulator;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that writes events as JSON and puts them into the queue, up to a hundred at a time. */
final class EventSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventSender.class);
    private static final int BATCH = 100;
    /** The longest sleep. It is short, since held events become due by a clock that a test may turn. */
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
                LOG.error("the queue no longer accepts events, so no further event is sent", e);
            }
        }
    }
}
