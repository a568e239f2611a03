package io.clusterstate.mirror;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The outcome of one pass: one cluster reconciled with the ECS API.
 *
 * @param clusterArn the cluster
 * @param startedAt when the pass began, by the host's clock
 * @param duration how long it took, waits for the API budget included
 * @param isFirst whether the cluster had no complete pass before; what such a pass finds missed is the load, and no
 *     drift
 * @param drift the differences that the pass found, and repaired where it had proof; also of a pass that failed halfway
 * @param enriched for how many entities the API only added to the view, which is no drift: tags, health, and any change
 *     of services and clusters, which have no versions
 * @param calls how many calls of the ECS API it took, each attempt counted
 * @param throttles how many of them ECS refused with a ThrottlingException
 * @param failure why something is left open; freshness did not move then, and another pass follows
 */
public record ReconcileReport(
        String clusterArn,
        Instant startedAt,
        Duration duration,
        boolean isFirst,
        Drift drift,
        int enriched,
        long calls,
        long throttles,
        Optional<String> failure) {

    /**
     * Whether nothing is left open, so that freshness could move.
     *
     * @return true if nothing failed and no answer of ECS was unclear
     */
    public boolean isComplete() {
        return failure.isEmpty();
    }

    @Override
    public String toString() {
        return clusterArn + (isFirst ? " loaded: " : " reconciled: ") + drift + "; "
                + (enriched > 0 ? enriched + " enriched, " : "") + calls + " calls, " + throttles + " throttled, "
                + duration.toMillis() + " ms"
                + failure.map(why -> "; not complete: " + why).orElse("");
    }
}
