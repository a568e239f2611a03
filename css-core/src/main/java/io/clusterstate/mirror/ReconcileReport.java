package io.clusterstate.mirror;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What one comparison of one cluster with the ECS API came to.
 *
 * @param clusterArn the cluster
 * @param startedAt when it began
 * @param duration how long it took, waiting for the API budget included
 * @param isFirst whether it is the first complete one of this cluster; what it then found missed is no drift, but the
 *     load
 * @param drift what was found wrong, and repaired where there was proof; also of a comparison that failed halfway
 * @param calls how many calls of the ECS API it took
 * @param throttles how many of them were refused with a ThrottlingException
 * @param failure why it leaves something open; then freshness did not move, and it is tried again
 */
public record ReconcileReport(
        String clusterArn,
        Instant startedAt,
        Duration duration,
        boolean isFirst,
        Drift drift,
        long calls,
        long throttles,
        Optional<String> failure) {

    /**
     * Whether every question was answered, so that freshness could move.
     *
     * @return true if nothing failed
     */
    public boolean isComplete() {
        return failure.isEmpty();
    }

    @Override
    public String toString() {
        return clusterArn + (isFirst ? " loaded: " : " reconciled: ") + drift + "; " + calls + " calls, " + throttles
                + " throttled, " + duration.toMillis() + " ms"
                + failure.map(why -> "; not complete: " + why).orElse("");
    }
}
