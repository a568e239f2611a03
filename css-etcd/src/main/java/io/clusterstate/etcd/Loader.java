package io.clusterstate.etcd;

import io.clusterstate.internal.loop.Loop.Heartbeat;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a state at one revision, in pages, into a replica. The next page is under way while one is taken in.
 *
 * <p>A replica that holds an earlier revision of the state receives only what has changed since. For that it must have
 * seen each tombstone that was deleted meanwhile, and its last write must be in the past of etcd's state. Otherwise the
 * loader reads everything.
 *
 * <p>Thread: one thread at a time.
 */
final class Loader {

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
     * @param writes the number of writes to the state so far
     * @param forgotten the highest revision of a tombstone that was deleted
     */
    private record Position(long revision, long writes, long forgotten) {}

    /**
     * A range of keys.
     *
     * @param from the first key
     * @param to the first key behind the range
     * @param since the least revision of the keys to read; 0 for all
     */
    private record Range(ByteSequence from, ByteSequence to, long since) {

        /** The rest of the range behind a key. */
        Range after(ByteSequence key) {
            return new Range(key.concat(NEXT), to, since);
        }
    }

    /** A request that is under way. */
    private record Request(Range range, CompletableFuture<GetResponse> answer) {}

    private final EtcdNamespace etcd;
    private final Replica replica;
    private int page = PAGE;

    Loader(EtcdNamespace etcd, Replica replica) {
        this.etcd = etcd;
        this.replica = replica;
    }

    /**
     * Loads the present state.
     *
     * @param isReplaced whether etcd is known to have another past than the replica
     */
    void load(boolean isReplaced, Heartbeat heartbeat) throws InterruptedException, LostTrackException {
        Position now = position();
        boolean mustReplace = isReplaced || now.writes() < replica.marks().writes();
        if (mustReplace || !knowsAllForgotten(now)) {
            loadAll(now, mustReplace, heartbeat);
        } else {
            loadChanges(now, heartbeat);
        }
    }

    private Position position() throws InterruptedException {
        Keys keys = etcd.keys();
        TxnResponse answer = etcd.connection().call("the position of the load", client -> client.getKVClient()
                .txn()
                .Then(Op.get(keys.head(), GetOption.DEFAULT), Op.get(keys.forgotten(), GetOption.DEFAULT))
                .commit());
        return new Position(
                answer.getHeader().getRevision(),
                first(answer, 0).map(KeyValue::getVersion).orElse(0L),
                first(answer, 1).map(pair -> Marks.revisionIn(pair.getValue())).orElse(0L));
    }

    private static Optional<KeyValue> first(TxnResponse answer, int index) {
        return answer.getGetResponses().get(index).getKvs().stream().findFirst();
    }

    /**
     * Whether the replica has seen each tombstone that was deleted, so that a load of the changes misses no removal.
     */
    private boolean knowsAllForgotten(Position now) {
        return replica.isLoaded() && now.forgotten() <= replica.upTo();
    }

    private void loadAll(Position now, boolean isReplaced, Heartbeat heartbeat)
            throws InterruptedException, LostTrackException {
        if (isReplaced && replica.isLoaded()) {
            LOG.warn(
                    "{}: its past was replaced, as by a restore from a backup; loads all of it, at write {}, and was"
                            + " at write {}",
                    etcd,
                    now.writes(),
                    replica.marks().writes());
        }
        Keys keys = etcd.keys();
        List<Range> all = List.of(new Range(keys.all(), keys.end(), 0));
        Replica.Load load = inPagesThatFit(() -> read(all, now, replica.loadAll(isReplaced), heartbeat));
        load.publish(now.revision());
    }

    /** Loads what has changed, or everything if the replica does not continue etcd's past. */
    private void loadChanges(Position now, Heartbeat heartbeat) throws InterruptedException, LostTrackException {
        Replica.Load load = inPagesThatFit(() -> read(changedRanges(), now, replica.loadChanges(), heartbeat));
        Optional<Entry> last = load.lastUnchanged();
        if (last.isPresent() && !isUnchanged(last.get(), now)) {
            loadAll(now, true, heartbeat);
        } else {
            load.publish(now.revision());
        }
    }

    /**
     * The ranges of all marks, and of the entities that were written since; each as small as a page of a whole load.
     */
    private List<Range> changedRanges() {
        Keys keys = etcd.keys();
        List<Range> ranges = new ArrayList<>();
        ranges.add(new Range(keys.all(), keys.entities(), 0));
        ByteSequence from = keys.entities();
        for (ByteSequence to : replica.everyKey(page)) {
            ranges.add(new Range(from, to, replica.upTo() + 1));
            from = to;
        }
        ranges.add(new Range(from, keys.endOfEntities(), replica.upTo() + 1));
        ranges.add(new Range(keys.endOfEntities(), keys.end(), 0));
        return ranges;
    }

    private boolean isUnchanged(Entry entry, Position now) throws InterruptedException {
        ByteSequence key = entry.key(etcd.keys());
        if (key == null) {
            return false;
        }
        GetOption option = GetOption.builder()
                .withRevision(now.revision())
                .withKeysOnly(true)
                .build();
        return etcd
                .connection()
                .call("the last known write", client -> client.getKVClient().get(key, option))
                .getKvs()
                .stream()
                .anyMatch(pair -> pair.getModRevision() == entry.revision());
    }

    /** A load that repeats itself with smaller pages. */
    @FunctionalInterface
    private interface Reading {
        Replica.Load run() throws InterruptedException, LostTrackException;
    }

    private Replica.Load inPagesThatFit(Reading reading) throws InterruptedException, LostTrackException {
        while (true) {
            try {
                return reading.run();
            } catch (EtcdFailure e) {
                if (e.kind() != EtcdFailure.Kind.TOO_LARGE || page == 1) {
                    throw e;
                }
                page = page / 2;
                LOG.info("{}: a page is too large for this client, goes on with {} keys a page", etcd, page);
            }
        }
    }

    private Replica.Load read(List<Range> ranges, Position position, Replica.Load load, Heartbeat heartbeat)
            throws InterruptedException, LostTrackException {
        long revision = position.revision();
        Deque<Range> left = new ArrayDeque<>(ranges);
        Request next = send(left.remove(), revision);
        while (next != null) {
            Request current = next;
            List<KeyValue> pairs = etcd.connection()
                    .call("the state at revision " + revision, client -> current.answer())
                    .getKvs();
            boolean isMore = pairs.size() >= page;
            Range following =
                    isMore ? current.range().after(pairs.get(pairs.size() - 1).getKey()) : left.poll();
            next = following == null ? null : send(following, revision);
            load.add(pairs.stream().map(KeyUpdate::of).toList());
            heartbeat.beat();
        }
        return load;
    }

    private Request send(Range range, long revision) {
        GetOption option = GetOption.builder()
                .withRange(range.to())
                .withRevision(revision)
                .withMinModRevision(range.since())
                .withLimit(page)
                .build();
        return new Request(range, etcd.connection().client().getKVClient().get(range.from(), option));
    }
}
