package io.clusterstate.mirror;

import io.clusterstate.Freshness;
import io.clusterstate.ecs.EcsArn;
import io.clusterstate.internal.ecs.Home;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The clusters that a mirror follows. The mirror settles and ignores events of other clusters.
 *
 * <p>Thread: immutable.
 */
public final class Clusters {

    private final Optional<List<String>> names;
    private final Predicate<String> includes;
    private final boolean isReadableOnly;

    private Clusters(Optional<List<String>> names, Predicate<String> includes, boolean isReadableOnly) {
        this.names = names;
        this.includes = includes;
        this.isReadableOnly = isReadableOnly;
    }

    /**
     * Selects all clusters of the ECS client's account and Region, including clusters created later.
     *
     * @return the selection
     */
    public static Clusters all() {
        return new Clusters(Optional.empty(), arn -> true, false);
    }

    /**
     * Selects clusters by name or ARN. The view is not ready before each of them exists.
     *
     * @param namesOrArns at least one name or ARN; all ARNs are of the ECS client's partition, Region and account
     * @return the selection
     * @throws IllegalArgumentException if there is none, or the ARNs are of several accounts or Regions
     */
    public static Clusters named(String... namesOrArns) {
        if (namesOrArns.length == 0) {
            throw new IllegalArgumentException("namesOrArns: none (expected: at least one cluster)");
        }
        Set<String> wanted = new LinkedHashSet<>(List.of(namesOrArns));
        requireOneHome(wanted);
        return new Clusters(
                Optional.of(List.copyOf(wanted)),
                arn -> wanted.contains(arn) || wanted.contains(EcsArn.nameOf(arn)),
                false);
    }

    private static void requireOneHome(Set<String> namesOrArns) {
        List<String> homes = namesOrArns.stream()
                .filter(name -> EcsArn.parse(name).isPresent())
                .map(Home::prefixOf)
                .distinct()
                .toList();
        if (homes.size() > 1) {
            throw new IllegalArgumentException("namesOrArns: " + namesOrArns
                    + " (expected: clusters of one account and Region; build a mirror for each)");
        }
    }

    /**
     * Selects clusters by a pattern that the whole name matches, including clusters created later.
     *
     * @param name the pattern, such as {@code Pattern.compile("prod-.*")}
     * @return the selection
     */
    public static Clusters matching(Pattern name) {
        return matching(arn -> name.matcher(EcsArn.nameOf(arn)).matches());
    }

    /**
     * Selects clusters by a test of the ARN, including clusters created later.
     *
     * @param test the test, which receives a cluster's ARN, runs on threads of the mirror, and must have no side
     *     effects
     * @return the selection
     */
    public static Clusters matching(Predicate<String> test) {
        return new Clusters(Optional.empty(), test, false);
    }

    /**
     * Keeps of this selection the clusters of one shard, for an account that is too large for one mirror. Each cluster
     * is in exactly one shard, by its ARN alone: the first 8 bytes of the ARN's SHA-256, as a big-endian number, go
     * through jump consistent hashing. That never changes in a later version of the library. If the last shard is
     * added, clusters move to it alone, one in {@code count} on average.
     *
     * <p>Each shard is a mirror with a queue and a store of its own. The rule sends every event to each queue, and a
     * mirror settles those of other shards as {@link DeliveryOutcome#IRRELEVANT}. The shards of an account and Region
     * share ECS's rates, so divide {@link ClusterMirrorBuilder#apiShare} by {@code count}. A cluster is never divided.
     *
     * @param index the shard, from 0 to {@code count} - 1
     * @param count the number of shards, at least 1; the same for all shards
     * @return the part of this selection that is in the shard
     * @throws IllegalStateException if the selection is {@link #named}: name the clusters of each shard instead
     */
    public Clusters shard(int index, int count) {
        if (names.isPresent()) {
            throw new IllegalStateException("shard: of clusters by name (expected: of all, or of those that match)");
        }
        Shard shard = new Shard(index, count);
        return new Clusters(names, arn -> includes.test(arn) && shard.includes(arn), isReadableOnly);
    }

    /**
     * Drops from this selection the clusters that the ECS client may not read. Without it, a cluster that denies access
     * keeps the view from being ready, so that a missing right is noticed.
     *
     * <p>With it, the mirror leaves such a cluster out: it ignores the cluster's events and tries it again with each
     * list of clusters. {@link MirrorStatus#problems()} and {@link Freshness#leftOut()} name the cluster. The view
     * keeps the entities of the cluster that it had, and they grow stale.
     *
     * @return a selection that tolerates unreadable clusters
     */
    public Clusters readableOnly() {
        return new Clusters(names, includes, true);
    }

    boolean isReadableOnly() {
        return isReadableOnly;
    }

    /**
     * Whether the selection includes a cluster.
     *
     * @param clusterArn the cluster's ARN
     * @return true if it does
     */
    public boolean includes(String clusterArn) {
        return includes.test(clusterArn);
    }

    Optional<List<String>> names() {
        return names;
    }
}
