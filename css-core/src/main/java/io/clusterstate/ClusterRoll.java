package io.clusterstate;

import io.clusterstate.internal.loop.FailureText;
import io.clusterstate.internal.loop.Loop.Heart;
import io.clusterstate.spi.Upsert;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Cluster;

/**
 * Finds out which of the selected clusters there are. Known ones are described whether they are listed or not, so that
 * a late list takes none away: deleted is what ECS describes as INACTIVE or MISSING.
 *
 * <p>Thread: one at a time.
 */
final class ClusterRoll {

    /**
     * What came of it.
     *
     * @param living the ARNs of the selected clusters that there are
     * @param deleted those of known ones that there are no more
     */
    record Called(Set<String> living, Set<String> deleted) {}

    /** Long enough for a list that is late, short enough to wait for at a start. */
    private static final Duration LONGEST_EMPTY = Duration.ofSeconds(10);

    private final ReconcileTools tools;
    private final Clusters selection;
    private @Nullable Long emptySince;
    private volatile @Nullable String failure;
    /** Partition, Region and account of the clusters that ECS tells of; null before it has told of any. */
    private @Nullable String home;

    ClusterRoll(ReconcileTools tools, Clusters selection) {
        this.tools = tools;
        this.selection = selection;
    }

    /** Why the last call of the roll failed; empty if it did not, or there was none. */
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /**
     * Calls the roll.
     *
     * @param isReady whether the clusters have been there before
     * @param followed the ARNs of the clusters that were there before
     */
    Called call(boolean isReady, Set<String> followed, Heart heart) throws InterruptedException {
        try {
            Called called = callUnchecked(isReady, followed, new Inventory(tools.api(), new ApiTally(), heart));
            failure = null;
            return called;
        } catch (RuntimeException e) {
            failure = FailureText.of(e);
            throw e;
        }
    }

    private Called callUnchecked(boolean isReady, Set<String> followed, Inventory inventory)
            throws InterruptedException {
        Instant askedAt = tools.surroundings().clock().instant();
        Set<String> listed = new LinkedHashSet<>(selected(inventory));
        listed.stream().filter(arn -> arn.startsWith("arn:")).forEach(this::noteHome);
        Set<String> known = new LinkedHashSet<>(followed);
        known.addAll(clustersInStore());
        Answers answers = new Answers(known);
        List<String> asked =
                Stream.concat(known.stream(), unnamed(listed, known).stream()).toList();
        answers.add(inventory.describe(EntityKind.CLUSTER, "", asked));
        tools.store().apply(upserts(answers.told, isReady ? Origin.RECONCILE : Origin.LOAD, askedAt));
        if (!isReady) {
            requireAll(answers.living);
        }
        if (!answers.unclear.isEmpty()) {
            throw new IllegalStateException("clusters: " + answers.unclear + " (expected: there, or MISSING)");
        }
        return new Called(answers.living, answers.deleted);
    }

    /** The clusters that are asked about: the named ones, or those on the list that pass the test. */
    private List<String> selected(Inventory inventory) throws InterruptedException {
        Optional<List<String>> named = selection.names();
        return named.isPresent()
                ? named.get()
                : inventory.clusterArns().stream().filter(selection::includes).toList();
    }

    /** Those that are not known yet by ARN. */
    private static List<String> unnamed(Set<String> namesOrArns, Set<String> known) {
        return namesOrArns.stream()
                .filter(name -> known.stream().noneMatch(arn -> Clusters.isNamed(arn, name)))
                .toList();
    }

    /**
     * The selected clusters of which the store has anything living, perhaps from before this process, or from an event: if
     * they are gone, nobody else would find that out. A shared store may hold those of other accounts and Regions, too;
     * they are for others to judge.
     */
    private Set<String> clustersInStore() {
        Snapshot snapshot = tools.store().snapshot();
        Set<String> arns = new LinkedHashSet<>();
        Stream.concat(tools.kinds().stream(), Stream.of(EntityKind.CLUSTER))
                .flatMap(kind -> Residents.of(snapshot, kind))
                .filter(each -> !each.hasEnded())
                .map(Observed::clusterArn)
                .forEach(arns::add);
        arns.removeIf(arn -> !selection.includes(arn) || !homeOf(arn).equals(home));
        return arns;
    }

    private void noteHome(String clusterArn) {
        home = homeOf(clusterArn);
    }

    private static String homeOf(String clusterArn) {
        return clusterArn.substring(0, Math.max(0, clusterArn.lastIndexOf(':')));
    }

    private static List<Upsert<Cluster>> upserts(List<Cluster> told, Origin origin, Instant asked) {
        return told.stream()
                .map(cluster -> Upsert.of(EntityKind.CLUSTER, cluster.clusterArn(), cluster, origin, asked))
                .toList();
    }

    private void requireAll(Set<String> living) {
        for (String name : selection.names().orElse(List.of())) {
            if (living.stream().noneMatch(arn -> Clusters.isNamed(arn, name))) {
                throw new IllegalStateException("cluster: " + name + " (expected: a cluster that exists)");
            }
        }
        if (living.isEmpty()) {
            requireEmptyForAWhile();
        } else {
            emptySince = null;
        }
    }

    /** An account without clusters is possible, and so is a list that is late: emptiness is believed after a while. */
    private void requireEmptyForAWhile() {
        long now = tools.surroundings().time().nanos();
        Long since = emptySince;
        if (since == null) {
            emptySince = now;
        }
        if (since == null || now - since < emptyFor().toNanos()) {
            throw new IllegalStateException("clusters: none found (expected: some, or none for "
                    + emptyFor().toSeconds() + " seconds)");
        }
    }

    private Duration emptyFor() {
        return tools.allowance().compareTo(LONGEST_EMPTY) < 0 ? tools.allowance() : LONGEST_EMPTY;
    }

    /** What ECS says of the clusters that it is asked about. */
    private final class Answers {

        private final Set<String> known;
        private final Set<String> living = new HashSet<>();
        private final Set<String> deleted = new HashSet<>();
        private final Map<String, String> unclear = new HashMap<>();
        private final List<Cluster> told = new ArrayList<>();

        Answers(Set<String> known) {
            this.known = known;
        }

        void add(Described<Cluster> answer) {
            answer.found().forEach(this::add);
            answer.missing().stream().filter(known::contains).forEach(deleted::add);
            answer.unknown().forEach((arn, why) -> {
                if (known.contains(arn)) {
                    unclear.put(arn, why);
                }
            });
        }

        private void add(Cluster cluster) {
            String arn = cluster.clusterArn();
            boolean hasEnded = EntityKind.CLUSTER.hasEnded(cluster);
            noteHome(arn);
            if (!hasEnded) {
                living.add(arn);
            } else if (known.contains(arn)) {
                deleted.add(arn);
            }
            if (!hasEnded || known.contains(arn)) {
                told.add(cluster);
            }
        }
    }
}
