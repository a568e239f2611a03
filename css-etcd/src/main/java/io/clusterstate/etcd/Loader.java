package io.clusterstate.etcd;

import io.clusterstate.internal.loop.Loop.Heartbeat;
import io.etcd.jetcd.ByteSequence;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
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

    private static final int LEAST_PAGE_OF_A_SLOW_NETWORK = 250;

    private static final Logger LOG = LoggerFactory.getLogger(Loader.class);

    /**
     * The position of a load.
     *
     * @param revision the revision at which all pages are read
     * @param head the last write
     * @param forgotten the highest revision of a tombstone that was deleted
     * @param forgottenAt the revision at which the last tombstones were deleted
     */
    private record Position(long revision, Head head, long forgotten, long forgottenAt) {}

    private final EtcdNamespace etcd;
    private final Replica replica;
    private volatile Runnable replacing = () -> {};
    private int page = PAGE;
    /** Whether etcd has not answered the last load of the changes, so that the next load reads everything. */
    private boolean hasFailedChanges;

    Loader(EtcdNamespace etcd, Replica replica) {
        this.etcd = etcd;
        this.replica = replica;
    }

    /** Sets what to run just before the replica shows a state that does not continue its own. */
    void beforeReplacing(Runnable hook) {
        replacing = hook;
    }

    /**
     * Loads the present state.
     *
     * @param isReplaced whether etcd is known to have another past than the replica
     */
    void load(boolean isReplaced, Heartbeat heartbeat) throws InterruptedException, LostTrackException {
        heartbeat.beat(timeout());
        Position now = position();
        boolean mustReplace = isReplaced || hasGoneBack(now);
        if (mustReplace || hasFailedChanges || !knowsAllForgotten(now)) {
            loadAll(now, mustReplace, heartbeat);
        } else {
            loadChanges(now, heartbeat);
        }
    }

    private Position position() throws InterruptedException {
        Keys keys = etcd.keys();
        KeyRange marks = new KeyRange(keys.endOfEntities(), keys.end(), 0);
        Page answer = etcd.reads()
                .call("the position of the load", client -> client.read(marks, ReadClient.PRESENT, ReadClient.ALL));
        Optional<KeyUpdate> forgotten = find(answer, Keys.Kind.FORGOTTEN);
        return new Position(
                answer.revision(),
                find(answer, Keys.Kind.HEAD).map(Head::of).orElse(Head.NONE),
                forgotten.map(key -> Marks.revisionIn(key.value())).orElse(0L),
                forgotten.map(KeyUpdate::revision).orElse(0L));
    }

    private Optional<KeyUpdate> find(Page page, Keys.Kind kind) {
        return page.updates().stream()
                .filter(update -> etcd.keys().kindOf(update.key()) == kind)
                .findFirst();
    }

    /** Whether etcd has fewer writes than the replica has seen, others, or an earlier deletion of tombstones. */
    private boolean hasGoneBack(Position now) throws InterruptedException {
        Marks seen = replica.marks();
        return now.head().contradicts(seen.head()) || now.forgotten() < seen.forgotten() || hasOtherPast(now);
    }

    /** Whether etcd is known to lack the replica's last write; a compaction may hide that. */
    private boolean hasOtherPast(Position now) throws InterruptedException {
        Head seen = replica.head();
        if (replica.upTo() == 0 || now.head().equals(seen)) {
            return false;
        }
        try {
            return Past.of(etcd, seen, replica.upTo(), timeout()) == Past.OTHER;
        } catch (EtcdFailure e) {
            if (e.kind() == EtcdFailure.Kind.COMPACTED) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Whether a load of the changes misses no removal. The replica must have seen each tombstone that was deleted. If
     * it may hold tombstones, it must have seen each deletion as well.
     */
    private boolean knowsAllForgotten(Position now) {
        long needed = replica.mayHoldTombstones() ? now.forgottenAt() : now.forgotten();
        return replica.isLoaded() && needed <= replica.upTo();
    }

    private void loadAll(Position now, boolean isReplaced, Heartbeat heartbeat)
            throws InterruptedException, LostTrackException {
        if (isReplaced && replica.isLoaded()) {
            LOG.warn(
                    "{}: its past was replaced, as by a restore from a backup; loads all of it, at write {}, and was"
                            + " at write {}",
                    etcd,
                    now.head().writes(),
                    replica.head().writes());
        }
        Keys keys = etcd.keys();
        List<KeyRange> all = List.of(KeyRange.all(keys));
        Replica.Load load = inPagesThatFit(() -> read(all, now, replica.loadAll(isReplaced), heartbeat));
        if (isReplaced) {
            replacing.run();
        }
        load.publish(now.revision());
        hasFailedChanges = false;
    }

    /** Loads what has changed, or everything if the replica does not continue etcd's past. */
    private void loadChanges(Position now, Heartbeat heartbeat) throws InterruptedException, LostTrackException {
        hasFailedChanges = true; // unless all pages arrive
        Replica.Load load = inPagesThatFit(() -> read(changedRanges(), now, replica.loadChanges(), heartbeat));
        hasFailedChanges = false;
        Optional<Entry> last = load.lastUnchanged();
        heartbeat.beat(timeout());
        if (last.isPresent() && !isUnchanged(last.get(), now)) {
            loadAll(now, !mayBeForgotten(last.get(), now), heartbeat);
        } else {
            load.publish(now.revision());
        }
    }

    /**
     * The ranges of all marks, and of the entities that were written since. etcd reads all keys of such a range before
     * it selects those written since, so each range has about as many keys as a page.
     */
    private List<KeyRange> changedRanges() {
        Keys keys = etcd.keys();
        List<KeyRange> ranges = new ArrayList<>();
        ranges.add(new KeyRange(keys.all(), keys.entities(), 0));
        ByteSequence from = keys.entities();
        for (ByteSequence to : replica.keyEvery(page)) {
            ranges.add(new KeyRange(from, to, replica.upTo() + 1));
            from = to;
        }
        ranges.add(new KeyRange(from, keys.endOfEntities(), replica.upTo() + 1));
        ranges.add(new KeyRange(keys.endOfEntities(), keys.end(), 0));
        return ranges;
    }

    /** Whether etcd has an entry's key at its revision and with its value; another past may have either of them. */
    private boolean isUnchanged(Entry entry, Position now) throws InterruptedException {
        ByteSequence key = entry.key(etcd.keys());
        if (key == null) {
            return false;
        }
        return etcd
                .reads()
                .call("the last known write", client -> client.read(KeyRange.of(key), now.revision(), 1))
                .updates()
                .stream()
                .anyMatch(each -> each.revision() == entry.revision() && entry.isShownBy(each));
    }

    /** Whether the key may be missing only because a leader has deleted the tombstone since. */
    private boolean mayBeForgotten(Entry entry, Position now) {
        return entry.tombstone() != null && now.forgottenAt() > replica.upTo();
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
                halveIfLate(e);
                if (e.kind() != EtcdFailure.Kind.TOO_LARGE || page == 1) {
                    throw e;
                }
                page = page / 2;
                LOG.info("{}: a page is too large for this client, goes on with {} keys a page", etcd, page);
            }
        }
    }

    /** Makes the pages of the next load smaller, since a slow network may not carry this one in time. */
    private void halveIfLate(EtcdFailure failure) {
        if (failure.getCause() instanceof TimeoutException && page > LEAST_PAGE_OF_A_SLOW_NETWORK) {
            page = page / 2;
            LOG.info("{}: a page did not arrive in time, goes on with {} keys a page", etcd, page);
        }
    }

    private Replica.Load read(List<KeyRange> ranges, Position position, Replica.Load load, Heartbeat heartbeat)
            throws InterruptedException, LostTrackException {
        long revision = position.revision();
        Deque<KeyRange> left = new ArrayDeque<>(ranges);
        PageRequest next = send(left.remove(), revision);
        while (next != null) {
            PageRequest current = next;
            heartbeat.beat(timeout());
            List<KeyUpdate> updates = etcd.reads()
                    .call("the state at revision " + revision, current::answer)
                    .updates();
            boolean isMore = updates.size() >= page;
            KeyRange following = isMore
                    ? current.range().after(updates.get(updates.size() - 1).key())
                    : left.poll();
            next = following == null ? null : send(following, revision);
            load.add(updates);
        }
        requireSame(position.head(), load.head());
        return load;
    }

    /** Fails if etcd was restored between the first page and the last, which has the head. */
    private static void requireSame(Head first, Head last) throws LostTrackException {
        if (!first.equals(last)) {
            throw LostTrackException.replaced(first);
        }
    }

    private Duration timeout() {
        return etcd.reads().timeout();
    }

    private PageRequest send(KeyRange range, long revision) {
        return PageRequest.send(etcd.reads().client(), range, revision, page);
    }
}
