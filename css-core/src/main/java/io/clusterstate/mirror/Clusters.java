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
 * Which clusters a mirror follows. Events of others are settled and passed over.
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
     * All clusters of the ECS client's account and Region, also those that come to be later.
     *
     * @return the choice
     */
    public static Clusters all() {
        return new Clusters(Optional.empty(), arn -> true, false);
    }

    /**
     * Just these clusters. The view is not ready before each of them exists.
     *
     * @param namesOrArns at least one; ARNs of one partition, Region and account, which is the ECS client's
     * @return the choice
     * @throws IllegalArgumentException if there is none, or ARNs of several accounts or Regions
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
                    + " (expected: clusters of one account and Region, for each a mirror)");
        }
    }

    /**
     * The clusters whose whole name matches a pattern, also those that come to be later.
     *
     * @param name such as {@code Pattern.compile("prod-.*")}
     * @return the choice
     */
    public static Clusters matching(Pattern name) {
        return matching(arn -> name.matcher(EcsArn.nameOf(arn)).matches());
    }

    /**
     * The clusters that pass a test, also those that come to be later.
     *
     * @param test is given a cluster's ARN; must not have effects
     * @return the choice
     */
    public static Clusters matching(Predicate<String> test) {
        return new Clusters(Optional.empty(), test, false);
    }

    /**
     * The same clusters, without those that the ECS client may not read. By default one cluster that denies access
     * keeps the view from being ready, so that a missing right is noticed. With this choice such a cluster is left out
     * of the view: {@link MirrorStatus#problems()} and {@link Freshness#leftOut()} name it, its events are passed over,
     * and the mirror asks for it again with each list of clusters. The view keeps what it had of it, which grows stale.
     *
     * @return a choice that does not insist on each cluster
     */
    public Clusters readableOnly() {
        return new Clusters(names, includes, true);
    }

    boolean isReadableOnly() {
        return isReadableOnly;
    }

    /**
     * Whether a cluster is followed.
     *
     * @param clusterArn the cluster's ARN
     * @return true if it is
     */
    public boolean includes(String clusterArn) {
        return includes.test(clusterArn);
    }

    Optional<List<String>> names() {
        return names;
    }
}
