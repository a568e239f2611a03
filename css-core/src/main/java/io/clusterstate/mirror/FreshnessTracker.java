package io.clusterstate.mirror;

import io.clusterstate.internal.loop.ClockSteps;
import io.clusterstate.internal.loop.ClockSteps.Mark;
import io.clusterstate.spi.Confirmation;
import io.clusterstate.spi.Coordination;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tracks, in the leader, the time up to which each cluster and the whole view are confirmed. Only a pass that leaves
 * nothing open moves that time (promise 6). Each move is confirmed at once to all mirrors on the store.
 *
 * <p>Thread: safe for any thread. Blocks: until the store has taken the confirmation in.
 */
final class FreshnessTracker {

    private final Coordination coordination;
    private final ClockSteps steps;
    private final Duration allowance;
    private final Map<String, Instant> clusters = new HashMap<>();
    /** The clusters of the last list that no pass has confirmed since; the list is confirmed when none is left. */
    private final Set<String> awaited = new HashSet<>();
    /** The time up to which the last list will be confirmed; null if it is. */
    private @Nullable Instant awaitedUpTo;

    private @Nullable Instant listUpTo;
    private boolean isLoaded;
    /** The mark at which the times were last corrected for steps of the wall clock. */
    private Mark correctedAt;

    /**
     * A tracker without confirmations.
     *
     * @param coordination shares the confirmations with other mirrors on the store
     * @param steps measures steps of the wall clock
     * @param allowance the time by which an answer of the ECS API may lag behind
     */
    FreshnessTracker(Coordination coordination, ClockSteps steps, Duration allowance) {
        this.coordination = coordination;
        this.steps = steps;
        this.allowance = allowance;
        this.correctedAt = steps.mark();
    }

    /** The mark of the start of a pass or list. */
    Mark begin() {
        return steps.mark();
    }

    /** Replaces the tracked times by the confirmations of earlier leaders. */
    synchronized void resume(Confirmation confirmed) {
        correctedAt = steps.mark();
        Confirmation past = confirmed.notAfter(correctedAt.wall());
        clusters.clear();
        clusters.putAll(past.clusters());
        listUpTo = past.listUpTo().orElse(null);
        awaited.clear();
        awaitedUpTo = null;
        isLoaded = past.isLoaded();
    }

    /** Notes that the first complete load has ended. */
    synchronized void loaded(long inTerm) {
        if (!isLoaded) {
            isLoaded = true;
            publish(inTerm);
        }
    }

    /** Notes the existing clusters, by a list that began at a mark. */
    synchronized void listed(Set<String> arns, Mark begun, long inTerm) {
        requireTerm(inTerm);
        correct();
        awaited.clear();
        arns.stream().filter(arn -> !clusters.containsKey(arn)).forEach(awaited::add);
        awaitedUpTo = confirmedBy(begun);
        publish(inTerm);
    }

    /** Notes that a pass, which began at a mark, has left nothing open in a cluster. */
    synchronized void reconciled(String clusterArn, Mark begun, long inTerm) {
        requireTerm(inTerm);
        correct();
        clusters.merge(clusterArn, confirmedBy(begun), FreshnessTracker::later);
        awaited.remove(clusterArn);
        publish(inTerm);
    }

    /** Notes that a cluster and its contents are gone, or that the mirror leaves the cluster out. */
    synchronized void gone(String clusterArn, long inTerm) {
        requireTerm(inTerm);
        boolean isNews = clusters.remove(clusterArn) != null;
        if (awaited.remove(clusterArn) || isNews) {
            publish(inTerm);
        }
    }

    private Instant confirmedBy(Mark begun) {
        return steps.corrected(begun).minus(allowance);
    }

    /** Moves all tracked times with the wall clock if it was set back. */
    private void correct() {
        Duration step = steps.since(correctedAt);
        correctedAt = steps.mark();
        if (!step.isZero()) {
            clusters.replaceAll((arn, upTo) -> upTo.plus(step));
            listUpTo = listUpTo == null ? null : listUpTo.plus(step);
            awaitedUpTo = awaitedUpTo == null ? null : awaitedUpTo.plus(step);
        }
    }

    /** Fails if the term has changed: findings of an earlier term are older than the tracked times. */
    private void requireTerm(long inTerm) {
        long now = coordination.term();
        if (now != inTerm) {
            throw new IllegalStateException("term: " + now + " (expected: " + inTerm + ", the term of this pass)");
        }
    }

    private void publish(long inTerm) {
        correct();
        Instant list = awaitedUpTo;
        if (list != null && awaited.isEmpty()) {
            listUpTo = listUpTo == null ? list : later(listUpTo, list);
            awaitedUpTo = null;
        }
        coordination.confirm(new Confirmation(isLoaded, Optional.ofNullable(listUpTo), clusters), inTerm);
    }

    /** The later of two times, since passes may end in another order than they began. */
    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
