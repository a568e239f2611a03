package io.clusterstate.etcd;

import io.clusterstate.internal.loop.Loop.Heartbeat;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all keys at one revision, in pages, into a replica. While one page is taken in, the next is on its way.
 *
 * <p>The first load begins a little in the past, where that is still to be had, and the watch brings what followed: so
 * a subscriber that knows a revision of another process, or of the one before this, can go on here.
 *
 * <p>Thread: one thread at a time.
 */
final class Loader {

    /** As much as a subscriber may have missed between two processes; at one write a change, half of the journal. */
    private static final long HISTORY = 1_000;

    /**
     * Some 5.5 MiB. Each page costs etcd a count of all keys that follow, and so fewer are better; a client of the
     * host's that takes no more than gRPC's 4 MiB gets halves.
     */
    private static final int PAGE = 2_000;

    private static final ByteSequence NEXT = ByteSequence.from(new byte[1]);
    private static final Logger LOG = LoggerFactory.getLogger(Loader.class);

    private final EtcdConnection connection;
    private final Keys keys;
    private final Replica replica;
    private int page = PAGE;
    /** Whether there was no load yet: what came after the past may be too much for a watch. */
    private boolean isFirst = true;

    Loader(EtcdConnection connection, Keys keys, Replica replica) {
        this.connection = connection;
        this.keys = keys;
        this.replica = replica;
    }

    /** Loads, at the present or a little before. */
    void load(Heartbeat heartbeat) throws InterruptedException, LostTrackException {
        TxnResponse answer = connection.call("where it is", client -> client.getKVClient()
                .txn()
                .Then(Op.get(keys.head(), GetOption.DEFAULT), Op.get(keys.list(), GetOption.DEFAULT))
                .commit());
        long now = answer.getHeader().getRevision();
        long head = answer.getGetResponses().get(0).getKvs().stream()
                .mapToLong(KeyValue::getModRevision)
                .max()
                .orElse(0);
        // not before the state was made, or was emptied and made again
        long begun = answer.getGetResponses().get(1).getKvs().stream()
                .mapToLong(KeyValue::getCreateRevision)
                .max()
                .orElse(now);
        long past = Math.max(begun, now - HISTORY);
        if (!isFirst || past == now) {
            loadAt(now, head, heartbeat);
            return;
        }
        try {
            loadAt(past, head, heartbeat);
        } catch (EtcdFailure e) {
            if (!e.isCompacted()) {
                throw e;
            }
            LOG.debug("{}: revision {} is compacted, loads the present", connection, past);
            loadAt(now, head, heartbeat);
        }
    }

    private void loadAt(long revision, long head, Heartbeat heartbeat) throws InterruptedException, LostTrackException {
        try {
            loadPages(revision, head, heartbeat);
        } catch (EtcdFailure e) {
            if (e.isTooLarge() && page > 1) {
                page = page / 2;
                LOG.info("{}: a page was too large for this client, goes on with {} keys each", connection, page);
                loadPages(revision, head, heartbeat);
            } else {
                throw e;
            }
        }
    }

    private void loadPages(long revision, long head, Heartbeat heartbeat)
            throws InterruptedException, LostTrackException {
        Replica.Load load = replica.load();
        CompletableFuture<GetResponse> next = ask(keys.all(), revision);
        boolean isMore = true;
        while (isMore) {
            CompletableFuture<GetResponse> asked = next;
            List<KeyValue> pairs = connection
                    .call("the state at revision " + revision, client -> asked)
                    .getKvs();
            isMore = pairs.size() >= page;
            if (isMore) {
                next = ask(after(pairs.get(pairs.size() - 1).getKey()), revision);
            }
            load.add(pairs.stream().map(KeyUpdate::of).toList());
            heartbeat.beat();
        }
        load.publish(revision, head);
        isFirst = false;
    }

    private CompletableFuture<GetResponse> ask(ByteSequence from, long revision) {
        GetOption option = GetOption.builder()
                .withRange(keys.end())
                .withRevision(revision)
                .withLimit(page)
                .build();
        return connection.client().getKVClient().get(from, option);
    }

    /** The least key that is greater. */
    private static ByteSequence after(ByteSequence key) {
        return key.concat(NEXT);
    }
}
