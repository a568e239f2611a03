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
 * One watch of all keys from one revision on, which is never resumed. jetcd resumes its own from the wrong revision and
 * so leaves out what it had not received; so the first failure is the end of this one, whatever jetcd tells afterwards.
 *
 * <p>Thread: jetcd's threads put in what etcd tells, one other takes it out; {@link #close} by any.
 */
final class Watch implements AutoCloseable {

    /** Something that the watch has told. */
    sealed interface Message {

        /** It has begun. */
        record Created() implements Message {}

        /** These keys were changed, in the order of their revisions. */
        record Events(List<KeyUpdate> events) implements Message {}

        /** It is over. */
        record Failed(Throwable why) implements Message {}
    }

    /** So many events that nobody has taken out yet are too many to hold; etcd has them. */
    private static final int MOST_EVENTS = 100_000;

    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Client client;
    private final Object door = new Object();
    private boolean isOver;
    private io.etcd.jetcd.Watch.@Nullable Watcher watcher;

    private Watch(Client client) {
        this.client = client;
    }

    /** Begins to watch, from a revision on. */
    static Watch open(Client client, Keys keys, long revision) {
        Watch watch = new Watch(client);
        WatchOption option = WatchOption.builder()
                .isPrefix(true)
                .withRevision(revision)
                .withCreateNotify(true)
                .withRequireLeader(true)
                .build();
        watch.watcher = client.getWatchClient()
                .watch(keys.all(), option, io.etcd.jetcd.Watch.listener(watch::told, watch::failed, watch::completed));
        return watch;
    }

    Client client() {
        return client;
    }

    /** The next message; null if there is none in time. */
    @Nullable Message poll(long millis) throws InterruptedException {
        Message message = messages.poll(millis, TimeUnit.MILLISECONDS);
        if (message instanceof Message.Events told) {
            waiting.addAndGet(-told.events().size());
        }
        return message;
    }

    /** What goes wrong here is the end of the watch: jetcd would go on with the next, and this one would be missing. */
    @SuppressWarnings("IllegalCatch")
    private void told(WatchResponse response) {
        try {
            take(response);
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    private void take(WatchResponse response) {
        List<KeyUpdate> events =
                response.getEvents().stream().map(KeyUpdate::of).toList();
        if (waiting.addAndGet(events.size()) > MOST_EVENTS) {
            failed(new IllegalStateException(
                    waiting.get() + " events wait to be taken in (expected: at most " + MOST_EVENTS + ")"));
        }
        if (!events.isEmpty()) {
            put(new Message.Events(events));
        } else if (response.isCreatedNotify()) {
            put(new Message.Created());
        }
    }

    private void failed(Throwable why) {
        synchronized (door) {
            put(new Message.Failed(why));
            isOver = true;
        }
    }

    private void completed() {
        failed(new IllegalStateException("watch: completed (expected: to go on)"));
    }

    private void put(Message message) {
        synchronized (door) {
            if (!isOver) {
                messages.add(message);
            }
        }
    }

    @Override
    public void close() {
        synchronized (door) {
            isOver = true;
        }
        io.etcd.jetcd.Watch.Watcher last = watcher;
        if (last != null) {
            last.close();
        }
    }
}
