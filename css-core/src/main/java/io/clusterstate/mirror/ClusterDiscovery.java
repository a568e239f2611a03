package io.clusterstate.mirror;

import io.clusterstate.EntityKind;
import io.clusterstate.Origin;
import io.clusterstate.Snapshot;
import io.clusterstate.ecs.EcsArn;
import io.clusterstate.internal.ecs.ApiCounters;
import io.clusterstate.internal.ecs.DescribeAnswer;
import io.clusterstate.internal.ecs.DescribeAnswer.Found;
import io.clusterstate.internal.ecs.DescribeAnswer.Missing;
import io.clusterstate.internal.ecs.DescribeAnswer.Unclear;
import io.clusterstate.internal.ecs.DescribeAnswers;
import io.clusterstate.internal.ecs.Home;
import io.clusterstate.internal.ecs.Inventory;
import io.clusterstate.internal.loop.FailureText;
import io.clusterstate.internal.loop.Loop.Heartbeat;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Cluster;

/**
 * Finds the selected clusters that exist. It describes every known cluster, listed or not, so that a list that lags
 * removes none: a cluster is deleted if ECS describes it as INACTIVE or answers MISSING.
 *
 * <p>Thread: one thread at a time, except {@link #failure}, {@link #hasAsked} and {@link #identify}.
 */
final class ClusterDiscovery {

    /**
     * The outcome of a discovery.
     *
     * @param living the ARNs of the selected clusters that exist
     * @param deleted the known clusters that no longer exist, by ARN, each with the stamp of ECS's answer
     * @param denied the clusters that ECS denies to describe and the selection can do without, each with ECS's reason;
     *     by name if the ARN is unknown
     */
    record Discovered(Set<String> living, Map<String, Instant> deleted, Map<String, String> denied) {}

    /** Long enough for a list that lags, and short enough for a start to wait. */
    private static final Duration LONGEST_EMPTY = Duration.ofSeconds(10);
    /** The cluster that ECS assumes in a request without a cluster. */
    private static final String DEFAULT = "default";

    private final ReconcileContext context;
    private final Clusters clusters;
    private final Home home;
    private final Ownership ownership;
    private @Nullable Long emptySince;
    private volatile @Nullable String failure;
    private volatile boolean hasEnded;

    ClusterDiscovery(ReconcileContext context, Ownership ownership) {
        this.context = context;
        this.ownership = ownership;
        this.clusters = context.selection().clusters();
        this.home = context.selection().home();
    }

    /** The failure of the last discovery; empty if it succeeded, or none has run. */
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /** Whether ECS was asked for the home of its client: it has named that, or an attempt has ended without. */
    boolean hasAsked() {
        return hasEnded || home.client().isPresent();
    }

    /**
     * Runs a discovery.
     *
     * @param isReady whether the view was ready before
     * @param followed the ARNs of the clusters that the mirror follows
     * @param term the term in which the mirror leads
     */
    Discovered discover(boolean isReady, Set<String> followed, long term, Heartbeat heartbeat)
            throws InterruptedException {
        try {
            Discovered discovered = discoverUnchecked(isReady, followed, new Calls(term, heartbeat));
            failure = null;
            hasEnded = true;
            return discovered;
        } catch (RuntimeException e) {
            failure = FailureText.of(e);
            hasEnded = true;
            throw e;
        }
    }

    private Discovered discoverUnchecked(boolean isReady, Set<String> followed, Calls calls)
            throws InterruptedException {
        List<String> listed = selected(calls);
        Set<String> known = new LinkedHashSet<>(followed);
        known.addAll(clustersInStore());
        Judgement judgement = new Judgement(known);
        List<String> asked = asked(listed, known);
        DescribeAnswers<Cluster> answers = calls.describe(asked);
        answers.forEach(judgement::judge);
        if (!home.isKnown() || !calls.haveNamedHome) { // ECS refuses the ARNs of another account without naming its own
            calls.describe(List.of(DEFAULT)); // ECS names the account even if this cluster does not exist
        }
        context.applyFound(
                EntityKind.CLUSTER,
                Cluster::clusterArn,
                answers.where(judgement::isRelevant),
                isReady ? Origin.RECONCILE : Origin.LOAD);
        if (!isReady) {
            requireAll(judgement);
        }
        if (!judgement.unclear.isEmpty()) {
            throw new IllegalStateException("ECS's answer about these clusters is unclear: " + judgement.unclear
                    + " (expected: a description, or the failure MISSING)");
        }
        return new Discovered(judgement.living, judgement.deleted, judgement.denied);
    }

    /**
     * Asks ECS which account and Region its client reads: by one describe call, or by the list of clusters if ECS
     * denies the first.
     *
     * @param term the term in which the mirror leads; 0 if it does not
     */
    void identify(long term, Heartbeat heartbeat) throws InterruptedException {
        Calls calls = new Calls(term, heartbeat);
        String any = clusters.names() // which need not exist; no ARN, since ECS refuses one of another account
                .map(names -> EcsArn.nameOf(names.get(0)))
                .orElse(DEFAULT);
        try {
            if (calls.describe(List.of(any)).named().isEmpty()) {
                calls.list();
            }
            hasEnded = true;
        } catch (RuntimeException e) {
            hasEnded = true;
            throw e;
        }
    }

    /** The clusters to describe: the named ones, or those on the list that the selection includes. */
    private List<String> selected(Calls calls) throws InterruptedException {
        Optional<List<String>> named = clusters.names();
        return named.isPresent()
                ? named.get()
                : calls.list().stream().filter(clusters::includes).toList();
    }

    /** The known clusters, and the listed ones that no known cluster matches by ARN or name. */
    private static List<String> asked(List<String> listed, Set<String> known) {
        Set<String> names = known.stream().map(EcsArn::nameOf).collect(Collectors.toSet());
        return Stream.concat(
                        known.stream(), listed.stream().filter(each -> !known.contains(each) && !names.contains(each)))
                .toList();
    }

    /**
     * The selected clusters of which the store holds a living entity, from an earlier process or from an event. No
     * other check would notice that such a cluster is gone. A shared store may also hold clusters of other accounts and
     * Regions; their own mirrors judge those.
     */
    private Set<String> clustersInStore() {
        Snapshot snapshot = context.store().snapshot();
        return Stream.concat(context.kinds().stream(), Stream.of(EntityKind.CLUSTER))
                .flatMap(kind -> clustersOf(kind, snapshot).stream())
                .filter(context.selection()::includesCluster)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static <T> Set<String> clustersOf(EntityKind<T> kind, Snapshot snapshot) {
        return snapshot.query(kind).where(value -> !kind.hasEnded(value)).clusterArns();
    }

    private void requireAll(Judgement judgement) {
        Set<String> there = new HashSet<>(judgement.living);
        judgement.living.forEach(arn -> there.add(EcsArn.nameOf(arn)));
        judgement.denied.keySet().forEach(denied -> {
            there.add(denied);
            there.add(EcsArn.nameOf(denied));
        });
        for (String name : clusters.names().orElse(List.of())) {
            if (!there.contains(name) && !judgement.unclear.containsKey(name)) {
                throw new IllegalStateException("cluster: " + name + " (expected: a cluster that exists)");
            }
        }
        if (there.isEmpty() && judgement.unclear.isEmpty()) {
            requireEmptyForAWhile();
        } else {
            emptySince = null;
        }
    }

    /** Fails until no cluster was found for a while: an account may have no clusters, but a list may also lag. */
    private void requireEmptyForAWhile() {
        long now = context.environment().time().nanos();
        Long since = emptySince;
        if (since == null) {
            emptySince = now;
        }
        if (since == null || now - since < emptyFor().toNanos()) {
            throw new IllegalStateException("clusters: none found (expected: at least one; an empty result counts"
                    + " after " + emptyFor().toSeconds() + " seconds)");
        }
    }

    private Duration emptyFor() {
        return context.allowance().compareTo(LONGEST_EMPTY) < 0 ? context.allowance() : LONGEST_EMPTY;
    }

    /** The calls of a mirror in a term. Each ARN in an answer has to be of the mirror's home. */
    private final class Calls {

        private final Inventory inventory;
        private final long term;
        /** Whether ECS has named an ARN. */
        private boolean haveNamedHome;

        Calls(long term, Heartbeat heartbeat) {
            this.inventory = new Inventory(context.api(), new ApiCounters(), heartbeat);
            this.term = term;
        }

        List<String> list() throws InterruptedException {
            List<String> all = inventory.clusterArns();
            all.forEach(this::named);
            return all;
        }

        DescribeAnswers<Cluster> describe(List<String> asked) throws InterruptedException {
            DescribeAnswers<Cluster> answers = inventory.describe(EntityKind.CLUSTER, "", asked);
            answers.named().stream()
                    .filter(arn -> EcsArn.parse(arn).isPresent())
                    .forEach(this::named);
            return answers;
        }

        private void named(String arn) {
            haveNamedHome = true;
            ownership.named(arn, term);
        }
    }

    /** The described clusters, sorted by ECS's answer. */
    private final class Judgement {

        private final Set<String> known;
        private final Set<String> living = new HashSet<>();
        private final Map<String, Instant> deleted = new HashMap<>();
        private final Map<String, String> denied = new HashMap<>();
        private final Map<String, String> unclear = new HashMap<>();

        Judgement(Set<String> known) {
            this.known = known;
        }

        void judge(String asked, DescribeAnswer<Cluster> answer) {
            if (answer instanceof Found<Cluster> found) {
                judge(found);
            } else if (answer instanceof Missing<Cluster> missing && known.contains(asked)) {
                deleted.put(asked, missing.askedAt());
            } else if (answer instanceof Unclear<Cluster> why) {
                (why.isDenied() && clusters.isReadableOnly() ? denied : unclear).put(asked, why.reason());
            }
        }

        private void judge(Found<Cluster> found) {
            String arn = found.value().clusterArn();
            if (!EntityKind.CLUSTER.hasEnded(found.value()) && clusters.includes(arn)) {
                living.add(arn);
            } else if (known.contains(arn)) {
                deleted.put(arn, found.askedAt());
            }
        }

        /** Whether the view needs the answer: it ignores a cluster that ended before the mirror knew it. */
        boolean isRelevant(String name, DescribeAnswer<Cluster> answer) {
            return answer instanceof Found<Cluster> found
                    && (living.contains(found.value().clusterArn())
                            || deleted.containsKey(found.value().clusterArn()));
        }
    }
}
