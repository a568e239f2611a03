package io.clusterstate.etcd;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A watch of a range of keys from one revision on, which ends at its first failure. jetcd resumes a failed watch from a
 * wrong revision and skips what it has not received; so whatever a client delivers after a failure is dropped.
 *
 * <p>Thread: the client's threads put messages in, one other thread takes them out; {@link #close} is safe for any
 * thread.
 */
final class Watch implements ReadClient.WatchListener, AutoCloseable {

    /** A message that the watch delivers. */
    sealed interface Message {

        /** The watch has begun. */
        record Created() implements Message {}

        /**
         * Keys have changed.
         *
         * @param updates the changes, in the order of their revisions
         */
        record Events(List<KeyUpdate> updates) implements Message {}

        /**
         * The watch has ended.
         *
         * @param why the cause
         */
        record Failed(Throwable why) implements Message {}
    }

    /** The most events that may wait to be taken out; beyond it the watch fails, and etcd keeps them. */
    private static final int MAX_QUEUED_EVENTS = 100_000;

    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final AtomicInteger queuedEvents = new AtomicInteger();
    private final ReadClient client;
    private final Object lock = new Object();
    private boolean isOver;
    private @Nullable Runnable end;

    private Watch(ReadClient client) {
        this.client = client;
    }

    /** Opens a watch from a revision on. */
    static Watch open(ReadClient client, KeyRange range, long revision) {
        Watch watch = new Watch(client);
        watch.end = client.watch(range, revision, watch);
        return watch;
    }

    ReadClient client() {
        return client;
    }

    /** Takes the next message out; null if there is none in time. */
    @Nullable Message poll(long millis) throws InterruptedException {
        Message message = messages.poll(millis, TimeUnit.MILLISECONDS);
        if (message instanceof Message.Events events) {
            queuedEvents.addAndGet(-events.updates().size());
        }
        return message;
    }

    @Override
    public void onBegin() {
        put(new Message.Created());
    }

    @Override
    public void onUpdates(List<KeyUpdate> updates) {
        if (queuedEvents.addAndGet(updates.size()) > MAX_QUEUED_EVENTS) {
            onFailure(new IllegalStateException(
                    "queued events: " + queuedEvents.get() + " (expected: at most " + MAX_QUEUED_EVENTS + ")"));
        }
        put(new Message.Events(updates));
    }

    @Override
    public void onFailure(Throwable why) {
        synchronized (lock) {
            put(new Message.Failed(why));
            isOver = true;
        }
    }

    private void put(Message message) {
        synchronized (lock) {
            if (!isOver) {
                messages.add(message);
            }
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            isOver = true;
        }
        Runnable last = end;
        if (last != null) {
            last.run();
        }
    }
}
