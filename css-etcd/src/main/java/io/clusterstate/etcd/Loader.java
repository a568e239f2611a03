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
 * Reads all keys at one revision, in pages, into a replica. The next page is under way while one is taken in.
 *
 * <p>The first load begins a little in the past, unless etcd has compacted that, and the watch delivers what followed.
 * A subscriber that knows a revision of another process, or of an earlier run, can therefore resume here.
 *
 * <p>Thread: one thread at a time.
 */
final class Loader {

    /** The revisions between the first load and the present; at one write a change, half of the journal. */
    private static final long HISTORY = 1_000;

    /**
     * The keys of a page, some 5.5 MiB. For each page etcd counts all keys that follow, so that few pages are better. A
     * host's client with gRPC's own limit of 4 MiB gets halves.
     */
    private static final int PAGE = 2_000;

    private static final ByteSequence NEXT = ByteSequence.from(new byte[1]);
    private static final Logger LOG = LoggerFactory.getLogger(Loader.class);

    /**
     * The position of a load.
     *
     * @param revision the revision at which all pages are read
     * @param head the revision of the last write, which may be later
     */
    private record Position(long revision, long head) {}

    private final EtcdNamespace etcd;
    private final Replica replica;
    private int page = PAGE;
    /** Only the first load begins in the past: later, what followed may be too much for a watch. */
    private boolean isFirst = true;

    Loader(EtcdNamespace etcd, Replica replica) {
        this.etcd = etcd;
        this.replica = replica;
    }

    /** Loads the state, at the present or a little before. */
    void load(Heartbeat heartbeat) throws InterruptedException, LostTrackException {
        Keys keys = etcd.keys();
        TxnResponse answer = etcd.connection().call("the position of the load", client -> client.getKVClient()
                .txn()
                .Then(Op.get(keys.head(), GetOption.DEFAULT), Op.get(keys.list(), GetOption.DEFAULT))
                .commit());
        long now = answer.getHeader().getRevision();
        long head = pairs(answer, 0).stream()
                .mapToLong(KeyValue::getModRevision)
                .max()
                .orElse(0);
        // not before the state was created, or emptied and created again
        long created = pairs(answer, 1).stream()
                .mapToLong(KeyValue::getCreateRevision)
                .max()
                .orElse(now);
        long past = Math.max(created, now - HISTORY);
        if (!isFirst || past == now) {
            loadAt(new Position(now, head), heartbeat);
        } else {
            loadPast(new Position(past, head), new Position(now, head), heartbeat);
        }
    }

    private static List<KeyValue> pairs(TxnResponse answer, int index) {
        return answer.getGetResponses().get(index).getKvs();
    }

    private void loadPast(Position past, Position present, Heartbeat heartbeat)
            throws InterruptedException, LostTrackException {
        try {
            loadAt(past, heartbeat);
        } catch (EtcdFailure e) {
            if (!e.isCompacted()) {
                throw e;
            }
            LOG.debug("{}: revision {} is compacted, loads the present", etcd, past.revision());
            loadAt(present, heartbeat);
        }
    }

    private void loadAt(Position position, Heartbeat heartbeat) throws InterruptedException, LostTrackException {
        try {
            loadPages(position, heartbeat);
        } catch (EtcdFailure e) {
            if (e.isTooLarge() && page > 1) {
                page = page / 2;
                LOG.info("{}: a page is too large for this client, goes on with {} keys a page", etcd, page);
                loadPages(position, heartbeat);
            } else {
                throw e;
            }
        }
    }

    private void loadPages(Position position, Heartbeat heartbeat) throws InterruptedException, LostTrackException {
        long revision = position.revision();
        Replica.Load load = replica.load();
        CompletableFuture<GetResponse> next = read(etcd.keys().all(), revision);
        boolean isMore = true;
        while (isMore) {
            CompletableFuture<GetResponse> current = next;
            List<KeyValue> pairs = etcd.connection()
                    .call("the state at revision " + revision, client -> current)
                    .getKvs();
            isMore = pairs.size() >= page;
            if (isMore) {
                next = read(after(pairs.get(pairs.size() - 1).getKey()), revision);
            }
            load.add(pairs.stream().map(KeyUpdate::of).toList());
            heartbeat.beat();
        }
        load.publish(revision, position.head());
        isFirst = false;
    }

    private CompletableFuture<GetResponse> read(ByteSequence from, long revision) {
        GetOption option = GetOption.builder()
                .withRange(etcd.keys().end())
                .withRevision(revision)
                .withLimit(page)
                .build();
        return etcd.connection().client().getKVClient().get(from, option);
    }

    /** The least key that is greater. */
    private static ByteSequence after(ByteSequence key) {
        return key.concat(NEXT);
    }
}
