package io.clusterstate.etcd;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchResponse;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A watch of all keys of a state from one revision on, which ends at its first failure. jetcd resumes a failed watch
 * from a wrong revision and skips what it has not received; so whatever jetcd delivers after a failure is dropped.
 *
 * <p>Thread: jetcd's threads put messages in, one other thread takes them out; {@link #close} is safe for any thread.
 */
final class Watch implements AutoCloseable {

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
    private final Client client;
    private final Object lock = new Object();
    private boolean isOver;
    private io.etcd.jetcd.Watch.@Nullable Watcher watcher;

    private Watch(Client client) {
        this.client = client;
    }

    /** Opens a watch from a revision on. */
    static Watch open(Client client, Keys keys, long revision) {
        Watch watch = new Watch(client);
        WatchOption option = WatchOption.builder()
                .isPrefix(true)
                .withRevision(revision)
                .withCreateNotify(true)
                .withRequireLeader(true)
                .build();
        watch.watcher = client.getWatchClient()
                .watch(
                        keys.all(),
                        option,
                        io.etcd.jetcd.Watch.listener(watch::received, watch::failed, watch::completed));
        return watch;
    }

    Client client() {
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

    /** Ends the watch at any failure: jetcd would go on with the next response, and this response would be missing. */
    @SuppressWarnings("IllegalCatch")
    private void received(WatchResponse response) {
        try {
            enqueue(response);
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    private void enqueue(WatchResponse response) {
        List<KeyUpdate> updates =
                response.getEvents().stream().map(KeyUpdate::of).toList();
        if (queuedEvents.addAndGet(updates.size()) > MAX_QUEUED_EVENTS) {
            failed(new IllegalStateException(
                    "queued events: " + queuedEvents.get() + " (expected: at most " + MAX_QUEUED_EVENTS + ")"));
        }
        if (!updates.isEmpty()) {
            put(new Message.Events(updates));
        } else if (response.isCreatedNotify()) {
            put(new Message.Created());
        }
    }

    private void failed(Throwable why) {
        synchronized (lock) {
            put(new Message.Failed(why));
            isOver = true;
        }
    }

    private void completed() {
        failed(new IllegalStateException("watch: completed (expected: to go on)"));
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
        io.etcd.jetcd.Watch.Watcher last = watcher;
        if (last != null) {
            last.close();
        }
    }
}
