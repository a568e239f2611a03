package io.clusterstate.etcd;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * The leases of what etcd has to forget by itself, one for all that is written in a span of time. Leases are not
 * renewed: each ends a while after the last key that was put on it may be forgotten.
 *
 * <p>Thread: one thread at a time.
 */
final class Leases {

    private static final int SPANS = 10;
    private static final Duration SHORTEST_SPAN = Duration.ofMinutes(1);

    private record Lease(long id, long endsUseAt) {}

    private final EtcdConnection connection;
    private final WriteLimits limits;
    private final Map<PlannedPut.Keep, Lease> current = new EnumMap<>(PlannedPut.Keep.class);

    Leases(EtcdConnection connection, WriteLimits limits) {
        this.connection = connection;
        this.limits = limits;
    }

    /** The lease for a key that is written now; 0 for none. */
    long id(PlannedPut.Keep keep) throws InterruptedException {
        if (keep == PlannedPut.Keep.FOR_EVER) {
            return 0;
        }
        Lease lease = current.get(keep);
        if (lease == null || lease.endsUseAt() - System.nanoTime() <= 0) {
            lease = grant(keep);
            current.put(keep, lease);
        }
        return lease.id();
    }

    private Lease grant(PlannedPut.Keep keep) throws InterruptedException {
        Duration least = keep == PlannedPut.Keep.TOMBSTONE
                ? limits.keepTombstones()
                : limits.keepEnded().plus(limits.keepTombstones());
        Duration span = least.dividedBy(SPANS);
        Duration use = span.compareTo(SHORTEST_SPAN) > 0 ? span : SHORTEST_SPAN;
        long usedUntil = System.nanoTime() + use.toNanos();
        long seconds = least.plus(use).plus(SHORTEST_SPAN).toSeconds();
        long id = connection
                .call("a lease of " + seconds + " s", client -> client.getLeaseClient()
                        .grant(seconds))
                .getID();
        return new Lease(id, usedUntil);
    }

    /** etcd knows some of them no more: they are not to be used. */
    void forget() {
        current.clear();
    }
}
