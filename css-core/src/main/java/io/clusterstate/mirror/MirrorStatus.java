package io.clusterstate.mirror;

import io.clusterstate.Freshness;
import io.clusterstate.LoopStatus;
import io.clusterstate.StoreLink;
import io.clusterstate.SubscriptionStatus;
import io.clusterstate.spi.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a mirror is doing at one moment, derived from its loops' heartbeats and its counters, never from a flag that
 * somebody set once.
 *
 * @param phase where it is in its life
 * @param failure why it cannot go on, what its first load waits for, or why it does not poll; empty if nothing is wrong
 * @param role whether it is the one that compares the store with ECS
 * @param setUp what is wrong around it that only people can mend: the queue, its client, and the rule that fills it
 * @param loops its loops; promise 10: one that is dead or silent shows here by its {@link LoopStatus#state}
 * @param deliveries how many deliveries came to what, since the mirror was started
 * @param changes how many changes, told by events or the API, came to what
 * @param eventLag how long all events together had waited in the queue
 * @param api how the ECS API was used
 * @param drift what all comparisons but each cluster's first have found wrong
 * @param reconciles the last report of each cluster, by its ARN
 * @param leftOut the clusters that {@link Clusters#readableOnly()} leaves out, each with the reason that ECS gave
 * @param freshness how fresh its view is
 * @param subscriptions those that are told of changes, and the last that have ended by a failure
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
        Freshness freshness,
        List<SubscriptionStatus> subscriptions) {

    /** The life of a mirror. */
    public enum Phase {
        /** Built, not started. */
        LATENT,
        /** Started; the first complete load is not in yet. */
        LOADING,
        /** The view answers. */
        READY,
        /** Closed; the view does not answer. */
        CLOSED
    }

    /** What a mirror is to the others on its store or queue. */
    public enum Role {
        /** There are no others: the store is its own. */
        SOLE,
        /** It compares the store with ECS, for all. */
        LEADER,
        /** It takes in events, and leaves comparing to another. */
        FOLLOWER,
        /**
         * Another mirror holds its queue, so it takes in no events. It compares its own store with ECS every minute,
         * and claims the queue when the holder releases it or ends.
         */
        STANDBY
    }

    /**
     * What is wrong at this moment, in words for people: a queue that no events reach, loops that are dead, silent or
     * failing, clusters whose last comparison is not complete, and subscriptions that have ended by a failure.
     *
     * @return one sentence each; none if all is well
     */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        failure.ifPresent(problems::add);
        problems.addAll(setUp);
        if (freshness.link().state() == StoreLink.State.STALE) {
            problems.add("the store was last heard of at " + freshness.link().since());
        }
        for (LoopStatus loop : loops) {
            switch (loop.state()) {
                case DEAD, SILENT ->
                    problems.add("loop " + loop.name() + " is " + loop.state() + ", last heard of: "
                            + loop.lastBeat().map(Object::toString).orElse("never"));
                case FAILING ->
                    problems.add("loop " + loop.name() + " failed " + loop.failuresInARow() + " times in a row: "
                            + loop.lastFailure().orElse(""));
                case WORKING, ENDED -> {}
            }
        }
        if (role != Role.FOLLOWER) { // what it found while it led is for another to find now
            reconciles.values().stream()
                    .filter(report -> !report.isComplete() && !leftOut.containsKey(report.clusterArn()))
                    .forEach(report -> problems.add(report.toString()));
        }
        leftOut.forEach((cluster, why) -> problems.add("cluster " + cluster + " is left out: " + why));
        subscriptions.stream()
                .filter(each -> !each.isActive())
                .forEach(each -> problems.add("subscription " + each.name() + " has ended: "
                        + each.lastFailure().orElse("")));
        return List.copyOf(problems);
    }
}
