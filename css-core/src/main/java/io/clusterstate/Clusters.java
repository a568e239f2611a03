package io.clusterstate;

import io.clusterstate.ecs.EcsArn;
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

    private Clusters(Optional<List<String>> names, Predicate<String> includes) {
        this.names = names;
        this.includes = includes;
    }

    /**
     * All clusters of the ECS client's account and Region, also those that come to be later.
     *
     * @return the choice
     */
    public static Clusters all() {
        return new Clusters(Optional.empty(), arn -> true);
    }

    /**
     * Just these clusters. The view is not ready before each of them exists.
     *
     * @param namesOrArns at least one
     * @return the choice
     */
    public static Clusters named(String... namesOrArns) {
        if (namesOrArns.length == 0) {
            throw new IllegalArgumentException("namesOrArns: none (expected: at least one cluster)");
        }
        Set<String> wanted = new LinkedHashSet<>(List.of(namesOrArns));
        return new Clusters(
                Optional.of(List.copyOf(wanted)), arn -> wanted.contains(arn) || wanted.contains(EcsArn.nameOf(arn)));
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
        return new Clusters(Optional.empty(), test);
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

    /** Whether a cluster goes by this name or ARN. */
    static boolean isNamed(String clusterArn, String nameOrArn) {
        return clusterArn.equals(nameOrArn) || EcsArn.nameOf(clusterArn).equals(nameOrArn);
    }

    Optional<List<String>> names() {
        return names;
    }
}
