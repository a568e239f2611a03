package io.clusterstate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a reader demands of the view, for {@link ClusterStateView#read}: how stale it may be at the most, and which
 * revision it must have reached. A demand that is not met fails the read, unless it is {@link #servingMarked()}.
 *
 * <p>Staleness is judged by {@link Freshness#freshUpTo()}, the moment up to which ECS itself has confirmed the view.
 * Even at its best that is as old as the consistency allowance, and grows until the next reconcile: with the defaults,
 * between 5 and 27 minutes. Events commonly keep the view current within seconds of that all the while; this is about
 * proof.
 *
 * <p>Thread: immutable.
 */
public final class ReadPolicy {

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
     * Whatever the view has.
     *
     * @return a policy that demands nothing
     */
    public static ReadPolicy any() {
        return ANY;
    }

    /**
     * A view of which ECS has confirmed that it was whole at most so long ago.
     *
     * @param longest how long ago at the most; not negative
     * @return this policy with that demand
     */
    public ReadPolicy atMostStale(Duration longest) {
        if (longest.isNegative()) {
            throw new IllegalArgumentException("longest: " + longest + " (expected: not negative)");
        }
        return new ReadPolicy(longest, cluster, revision, isLive, servesMarked);
    }

    /**
     * Judges staleness by one cluster, not by the stalest of all.
     *
     * @param nameOrArn the cluster
     * @return this policy, about that cluster
     */
    public ReadPolicy in(String nameOrArn) {
        return new ReadPolicy(staleness, nameOrArn, revision, isLive, servesMarked);
    }

    /**
     * A view that has reached a revision.
     *
     * @param least the revision, as {@link Snapshot#revision()} counts
     * @return this policy with that demand
     */
    public ReadPolicy atLeastRevision(long least) {
        return new ReadPolicy(staleness, cluster, least, isLive, servesMarked);
    }

    /**
     * A view that is not cut off from its store, nor that of a standby ({@link StoreLink#isLive}).
     *
     * @return this policy with that demand
     */
    public ReadPolicy live() {
        return new ReadPolicy(staleness, cluster, revision, true, servesMarked);
    }

    /**
     * Serves also what does not meet the demands, and says so: {@link Result#unmet()}.
     *
     * @return this policy, which does not fail
     */
    public ReadPolicy servingMarked() {
        return new ReadPolicy(staleness, cluster, revision, isLive, true);
    }

    /**
     * A read's answer.
     *
     * @param snapshot the state
     * @param freshness how fresh it is
     * @param unmet the demands that it does not meet, in words; none unless the policy is {@link #servingMarked()}
     */
    public record Result(Snapshot snapshot, Freshness freshness, List<String> unmet) {

        /**
         * Whether all demands are met.
         *
         * @return true if so
         */
        public boolean isMet() {
            return unmet.isEmpty();
        }
    }

    /** Judges a snapshot. */
    Result judge(Snapshot snapshot, Freshness freshness, Instant now) {
        List<String> unmet = new ArrayList<>();
        if (snapshot.revision() < revision) {
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
