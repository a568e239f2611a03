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
 * Where the one who compares keeps up to when the view is known to be whole: written only when a pass ends that leaves
 * nothing open (promise 6), and told at once to all who share the store.
 *
 * <p>Thread: safe for any thread. Blocks: while the store takes it in.
 */
final class FreshnessTracker {

    private final Coordination coordination;
    private final ClockSteps steps;
    private final Duration allowance;
    private final Map<String, Instant> clusters = new HashMap<>();
    /** The clusters of the last list that were not compared since; the list is confirmed when there are none. */
    private final Set<String> awaited = new HashSet<>();
    /** Up to when the last list was whole; null if it is confirmed. */
    private @Nullable Instant awaitedUpTo;

    private @Nullable Instant listUpTo;
    private boolean isLoaded;
    /** When the moments in the book were last put right for steps of the wall clock. */
    private Mark correctedAt;

    /**
     * A book in which nothing stands.
     *
     * @param coordination who else is told
     * @param steps notices when the wall clock is set
     * @param allowance how far behind itself ECS may answer
     */
    FreshnessTracker(Coordination coordination, ClockSteps steps, Duration allowance) {
        this.coordination = coordination;
        this.steps = steps;
        this.allowance = allowance;
        this.correctedAt = steps.mark();
    }

    /** The moment at which something begins that will be confirmed. */
    Mark begin() {
        return steps.mark();
    }

    /** Begins with what others have confirmed, or forgets what stands here and not there. */
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

    /** The first complete load is in. */
    synchronized void loaded(long inTerm) {
        if (!isLoaded) {
            isLoaded = true;
            publish(inTerm);
        }
    }

    /** The clusters that there are, as of a list that began then. */
    synchronized void listed(Set<String> arns, Mark begun, long inTerm) {
        requireTerm(inTerm);
        correct();
        awaited.clear();
        arns.stream().filter(arn -> !clusters.containsKey(arn)).forEach(awaited::add);
        awaitedUpTo = confirmedBy(begun);
        publish(inTerm);
    }

    /** A cluster was compared, by a pass that began then, and nothing is left open. */
    synchronized void reconciled(String clusterArn, Mark begun, long inTerm) {
        requireTerm(inTerm);
        correct();
        clusters.merge(clusterArn, confirmedBy(begun), FreshnessTracker::later);
        awaited.remove(clusterArn);
        publish(inTerm);
    }

    /** A cluster is gone, and so is all that was in it; or it is left out. */
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

    /** Moves all that stands here with the wall clock, if it was set back since. */
    private void correct() {
        Duration step = steps.since(correctedAt);
        correctedAt = steps.mark();
        if (!step.isZero()) {
            clusters.replaceAll((arn, upTo) -> upTo.plus(step));
            listUpTo = listUpTo == null ? null : listUpTo.plus(step);
            awaitedUpTo = awaitedUpTo == null ? null : awaitedUpTo.plus(step);
        }
    }

    /** What was found in an earlier term is older than what stands here since. */
    private void requireTerm(long inTerm) {
        long now = coordination.term();
        if (now != inTerm) {
            throw new IllegalStateException("term: " + now + " (expected: " + inTerm + ", in which this was found)");
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

    /** Passes may end in another order than they began. */
    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
