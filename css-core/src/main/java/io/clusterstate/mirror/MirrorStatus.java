package io.clusterstate.mirror;

import io.clusterstate.Freshness;
import io.clusterstate.LoopStatus;
import io.clusterstate.StoreLink;
import io.clusterstate.SubscriptionStatus;
import io.clusterstate.internal.loop.Loop;
import io.clusterstate.spi.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The health of a mirror at one moment, derived from heartbeats and counters. Counters start at 0 when the mirror is
 * built. {@link #problems()} sums the status up in sentences.
 *
 * <p>Thread: safe for any thread; the record does not change afterwards.
 *
 * @param phase the phase in the life of the mirror
 * @param failure why the mirror cannot continue, the failure that delays its first load, why it does not poll, or why
 *     no leader reconciles for it; empty if none
 * @param role whether the mirror reconciles, and whether it polls
 * @param setUp the problems that only people can solve, in sentences: with the queue, its client, or the rule that
 *     fills it
 * @param loops the loops of the mirror; promise 10: a dead or silent loop shows here by its {@link LoopStatus#state}
 * @param deliveries the number of deliveries by outcome
 * @param changes the number of changes by outcome, from events and from the API
 * @param eventLag the lag of all events together
 * @param api the calls of the ECS API
 * @param drift the sum of the drift of all passes, without the first of each cluster
 * @param reconciles the last report of each cluster, by ARN
 * @param leftOut the clusters that {@link Clusters#readableOnly()} leaves out, each with ECS's reason
 * @param definitions the task definitions that wait for a fetch, and those refused
 * @param droppedExpectations the number of {@link ClusterMirror#expectations} that were dropped unconfirmed
 * @param freshness the freshness of the view
 * @param subscriptions the active subscriptions, and the latest of those that a failure has ended
 */
public record MirrorStatus(
        Phase phase,
        Optional<String> failure,
        Role role,
        List<String> setUp,
        List<LoopStatus> loops,
        Map<DeliveryOutcome, Long> deliveries,
        Map<Outcome, Long> changes,
        EventLag eventLag,
        ApiUse api,
        Drift drift,
        Map<String, ReconcileReport> reconciles,
        Map<String, String> leftOut,
        DefinitionFetches definitions,
        long droppedExpectations,
        Freshness freshness,
        List<SubscriptionStatus> subscriptions) {

    /** The phases of a mirror, in order. */
    public enum Phase {
        /** The mirror is built and not started. */
        LATENT,
        /** The mirror is started, and its first complete load has not ended. */
        LOADING,
        /** The view answers. */
        READY,
        /** The mirror is closed, and the view does not answer. */
        CLOSED
    }

    /** The role of a mirror among those on its store or queue. */
    public enum Role {
        /** The mirror has a store of its own, polls and reconciles. */
        SOLE,
        /** The mirror shares its store; it polls, and reconciles for all. */
        LEADER,
        /** The mirror shares its store; it polls, and leaves reconciling to the leader. */
        FOLLOWER,
        /**
         * Another mirror holds the queue, so this mirror does not poll. It reconciles its own store with ECS at least
         * every minute, and claims the queue when the holder releases it or ends.
         */
        STANDBY
    }

    /**
     * The present problems, in sentences for people: a queue that no events reach, an ECS client of the wrong account,
     * or a leader that confirms nothing. Loops that are dead, silent or failing, incomplete passes, and subscriptions
     * that a failure has ended are problems, too. The operations guide lists each problem with its remedy.
     *
     * @return one sentence for each problem; empty if there is none
     */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        failure.ifPresent(problems::add);
        problems.addAll(setUp);
        if (freshness.link().state() == StoreLink.State.STALE) {
            problems.add("store: last heard of at " + freshness.link().since() + " (expected: to answer)");
        }
        loops.forEach(loop -> problem(loop).ifPresent(problems::add));
        if (role != Role.FOLLOWER) { // after the lead has moved, these reports are out of date
            reconciles.values().stream()
                    .filter(report -> !report.isComplete() && !leftOut.containsKey(report.clusterArn()))
                    .forEach(report -> problems.add(report.toString()));
        }
        leftOut.forEach(
                (cluster, why) -> problems.add("cluster " + cluster + " is left out, ECS denies access: " + why));
        refusal().ifPresent(problems::add);
        subscriptions.stream()
                .filter(each -> !each.isActive())
                .forEach(each -> problems.add("subscription " + each.name() + " has ended: "
                        + each.lastFailure().orElse("")));
        return List.copyOf(problems);
    }

    private Optional<String> refusal() {
        Map<String, String> refused = definitions.refused();
        return refused.entrySet().stream()
                .findFirst()
                .map(each -> "task definitions: " + refused.size() + " not fetched (expected: none), such as "
                        + each.getKey() + ": " + each.getValue());
    }

    private static Optional<String> problem(LoopStatus loop) {
        return switch (loop.state()) {
            case DEAD ->
                Optional.of("loop " + loop.name() + " is DEAD: last heartbeat " + lastBeat(loop)
                        + " (expected: to run until close)");
            case SILENT ->
                Optional.of("loop " + loop.name() + " is SILENT: last heartbeat " + lastBeat(loop)
                        + " (expected: another within " + Loop.LONGEST_SILENCE.toSeconds() + " s after its pause)");
            case FAILING ->
                Optional.of("loop " + loop.name() + " failed " + loop.failuresInARow() + " times in a row: "
                        + loop.lastFailure().orElse(""));
            case WORKING, ENDED -> Optional.empty();
        };
    }

    private static String lastBeat(LoopStatus loop) {
        return loop.lastBeat().map(Object::toString).orElse("never");
    }
}
