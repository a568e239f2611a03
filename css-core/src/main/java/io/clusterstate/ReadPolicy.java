package io.clusterstate;

import io.clusterstate.ecs.EcsArn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The demands of a reader on the view, for {@link ClusterStateView#read}: the greatest staleness and the least
 * revision. A demand that the view does not meet fails the read, unless the policy is {@link #servingMarked()}.
 *
 * <p>Staleness counts from {@link Freshness#freshUpTo()}, the moment up to which ECS itself has confirmed the view. At
 * best the staleness equals the consistency allowance; it grows until the next reconcile. With the defaults it is
 * between 5 and 27 minutes. Meanwhile events commonly keep the view current within seconds; a policy is about proof.
 *
 * <p>Thread: immutable.
 */
public final class ReadPolicy {

    private static final int LISTED = 20;
    private static final ReadPolicy ANY = new ReadPolicy(null, null, 0, false, false);

    private final @Nullable Duration staleness;
    private final @Nullable String cluster;
    private final long revision;
    private final boolean isLive;
    private final boolean servesMarked;

    private ReadPolicy(
            @Nullable Duration staleness,
            @Nullable String cluster,
            long revision,
            boolean isLive,
            boolean servesMarked) {
        this.staleness = staleness;
        this.cluster = cluster;
        this.revision = revision;
        this.isLive = isLive;
        this.servesMarked = servesMarked;
    }

    /**
     * A policy that demands nothing.
     *
     * @return the policy
     */
    public static ReadPolicy any() {
        return ANY;
    }

    /**
     * Demands that ECS confirmed the view at most this long ago.
     *
     * @param longest the greatest staleness; not negative
     * @return this policy with that demand
     */
    public ReadPolicy atMostStale(Duration longest) {
        if (longest.isNegative()) {
            throw new IllegalArgumentException("longest: " + longest + " (expected: not negative)");
        }
        return new ReadPolicy(longest, cluster, revision, isLive, servesMarked);
    }

    /**
     * Measures staleness by a single cluster instead of the stalest of all, and demands that the view knows it
     * ({@link Snapshot#knows}): otherwise the read fails with an {@link UnknownClusterException}.
     *
     * @param nameOrArn the cluster
     * @return this policy for that cluster
     */
    public ReadPolicy in(String nameOrArn) {
        return new ReadPolicy(staleness, nameOrArn, revision, isLive, servesMarked);
    }

    /**
     * Demands that the view has reached a revision. A {@link CompositeView} has no revision, so that its reads with
     * this demand throw {@link UnsupportedOperationException}.
     *
     * @param least the revision, as in {@link Snapshot#revision()}
     * @return this policy with that demand
     */
    public ReadPolicy atLeastRevision(long least) {
        return new ReadPolicy(staleness, cluster, least, isLive, servesMarked);
    }

    /**
     * Demands a view that is connected to its store and does not belong to a standby ({@link StoreLink#isLive}).
     *
     * @return this policy with that demand
     */
    public ReadPolicy live() {
        return new ReadPolicy(staleness, cluster, revision, true, servesMarked);
    }

    /**
     * Serves a view that misses demands as well, and lists the missed ones in {@link Result#unmet()}.
     *
     * @return this policy, which never fails a read
     */
    public ReadPolicy servingMarked() {
        return new ReadPolicy(staleness, cluster, revision, isLive, true);
    }

    /**
     * The result of a read.
     *
     * @param snapshot the state
     * @param freshness the freshness of that state
     * @param unmet the demands that it does not meet, in words; empty unless the policy is {@link #servingMarked()}
     */
    public record Result(Snapshot snapshot, Freshness freshness, List<String> unmet) {

        /**
         * Whether all demands are met.
         *
         * @return true if {@link #unmet()} is empty
         */
        public boolean isMet() {
            return unmet.isEmpty();
        }
    }

    /** Judges a snapshot. */
    Result judge(Snapshot snapshot, Freshness freshness, Instant now) {
        List<String> unmet = new ArrayList<>();
        String unknown = unknownCluster(snapshot, freshness);
        if (unknown != null) {
            if (!servesMarked) {
                throw new UnknownClusterException(unknown);
            }
            unmet.add(unknown);
        }
        if (revision > 0 && snapshot.revision() < revision) {
            unmet.add("revision: " + snapshot.revision() + " (expected: at least " + revision + ")");
        }
        if (isLive && !freshness.link().isLive()) {
            unmet.add("store: " + freshness.link() + " (expected: LIVE)");
        }
        if (staleness != null) {
            String fault = fault(freshness, now, staleness);
            if (fault != null) {
                unmet.add(fault);
            }
        }
        if (!unmet.isEmpty() && !servesMarked) {
            throw new StaleViewException(String.join("; ", unmet));
        }
        return new Result(snapshot, freshness, List.copyOf(unmet));
    }

    private @Nullable String unknownCluster(Snapshot snapshot, Freshness freshness) {
        if (cluster == null
                || snapshot.knows(cluster)
                || freshness.upTo(cluster).isPresent()) {
            return null;
        }
        if (freshness.leftOut().stream().anyMatch(each -> EcsArn.isNamed(each, cluster))) {
            return "cluster: " + cluster + ", which is left out since ECS denies access (expected: a readable cluster)";
        }
        List<String> known = snapshot.clusters().stream()
                .map(each -> EcsArn.nameOf(each.clusterArn()))
                .sorted()
                .limit(LISTED)
                .toList();
        return "cluster: " + cluster + " (expected: one of the "
                + snapshot.clusters().count() + " in the view: " + known + ")";
    }

    private @Nullable String fault(Freshness freshness, Instant now, Duration longest) {
        Optional<Instant> upTo = cluster == null ? freshness.freshUpTo() : freshness.upTo(cluster);
        String of = cluster == null ? "" : " of cluster " + cluster;
        if (upTo.isEmpty()) {
            return "fresh up to" + of + ": unknown (expected: at most " + longest + " ago)";
        }
        Duration age = Duration.between(upTo.get(), now);
        return age.compareTo(longest) <= 0
                ? null
                : "fresh up to" + of + ": " + upTo.get() + ", " + age + " ago (expected: at most " + longest + " ago)";
    }
}
