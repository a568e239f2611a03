package io.clusterstate.etcd;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchEvent.EventType;
import io.etcd.jetcd.watch.WatchResponse;
import java.util.concurrent.CompletableFuture;

/**
 * Reads through a jetcd client of the host's, which stays open. jetcd resumes a failed watch from a wrong revision, so
 * a listener has to ignore whatever follows a failure.
 *
 * <p>Thread: safe for any thread.
 */
record JetcdReadClient(Client client) implements ReadClient {

    @Override
    public CompletableFuture<Page> read(KeyRange range, long revision, int most) {
        GetOption option = GetOption.builder()
                .withRange(range.to())
                .withRevision(revision)
                .withMinModRevision(range.since())
                .withLimit(most)
                .build();
        return client.getKVClient().get(range.from(), option).thenApply(JetcdReadClient::page);
    }

    private static Page page(GetResponse answer) {
        return new Page(
                answer.getHeader().getRevision(),
                answer.getKvs().stream().map(JetcdReadClient::put).toList());
    }

    @Override
    public Runnable watch(KeyRange range, long revision, WatchListener listener) {
        WatchOption option = WatchOption.builder()
                .withRange(range.to())
                .withRevision(revision)
                .withCreateNotify(true)
                .withRequireLeader(true)
                .build();
        Watch.Listener received = Watch.listener(
                response -> receive(response, listener), listener::onFailure, () -> listener.onFailure(completed()));
        return client.getWatchClient().watch(range.from(), option, received)::close;
    }

    private static Throwable completed() {
        return new IllegalStateException("watch: completed (expected: to go on)");
    }

    /** Ends the watch at any failure: jetcd would go on with the next response, and this response would be missing. */
    @SuppressWarnings("IllegalCatch")
    private static void receive(WatchResponse response, WatchListener listener) {
        try {
            if (!response.getEvents().isEmpty()) {
                listener.onUpdates(response.getEvents().stream()
                        .map(JetcdReadClient::update)
                        .toList());
            } else if (response.isCreatedNotify()) {
                listener.onBegin();
            }
        } catch (RuntimeException | Error e) {
            listener.onFailure(e);
        }
    }

    private static KeyUpdate update(WatchEvent event) {
        KeyValue pair = event.getKeyValue();
        return event.getEventType() == EventType.DELETE
                ? KeyUpdate.deletion(pair.getKey(), pair.getModRevision())
                : put(pair);
    }

    private static KeyUpdate put(KeyValue pair) {
        return new KeyUpdate(
                pair.getKey(),
                pair.getValue().getBytes(),
                pair.getModRevision(),
                pair.getCreateRevision(),
                pair.getVersion());
    }

    @Override
    public void close() {}
}
