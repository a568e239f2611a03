package io.clusterstate.etcd;

import io.clusterstate.etcd.PlannedPut.Lifetime;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * The leases of the keys that etcd is to forget by itself. All keys of one lifetime that are written within a span of
 * time share a lease. Leases are not renewed: each ends some time after its last key may be forgotten.
 *
 * <p>Thread: one thread at a time.
 */
final class Leases {

    private static final int SPANS_PER_LIFETIME = 10;
    private static final Duration MIN_SPAN = Duration.ofMinutes(1);

    private record Lease(long id, long usableUntil) {}

    private final EtcdConnection connection;
    private final WriteLimits limits;
    private final Map<Lifetime, Lease> current = new EnumMap<>(Lifetime.class);

    Leases(EtcdConnection connection, WriteLimits limits) {
        this.connection = connection;
        this.limits = limits;
    }

    /** The lease for a key that is written now; 0 for none. */
    long id(Lifetime lifetime) throws InterruptedException {
        if (lifetime == Lifetime.UNTIL_REPLACED) {
            return 0;
        }
        Lease lease = current.get(lifetime);
        if (lease == null || lease.usableUntil() - System.nanoTime() <= 0) {
            lease = grant(lifetime);
            current.put(lifetime, lease);
        }
        return lease.id();
    }

    private Lease grant(Lifetime lifetime) throws InterruptedException {
        Duration atLeast = lifetime == Lifetime.TOMBSTONE
                ? limits.keepTombstones()
                : limits.keepEnded().plus(limits.keepTombstones());
        Duration fraction = atLeast.dividedBy(SPANS_PER_LIFETIME);
        Duration span = fraction.compareTo(MIN_SPAN) > 0 ? fraction : MIN_SPAN;
        long usableUntil = System.nanoTime() + span.toNanos();
        long seconds = atLeast.plus(span).plus(MIN_SPAN).toSeconds();
        long id = connection
                .call("a lease of " + seconds + " s", client -> client.getLeaseClient()
                        .grant(seconds))
                .getID();
        return new Lease(id, usableUntil);
    }

    /** Discards all leases, after etcd has reported that a lease is gone. */
    void discard() {
        current.clear();
    }
}
