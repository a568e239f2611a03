package io.clusterstate.mirror;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The report of one pass, which reconciles one cluster with the ECS API.
 *
 * @param clusterArn the cluster
 * @param startedAt the start of the pass, by the host's clock
 * @param duration the duration of the pass, including waits for the API budget
 * @param isFirst whether the cluster had no complete pass before; such a pass loads, so {@code missed} is no drift
 * @param drift the differences that the pass found, and repaired if it had proof; also set if the pass failed halfway
 * @param enriched the number of entities that the API only enriched, which is no drift: with tags, with health, or with
 *     any change of services and clusters, which have no versions
 * @param calls the number of calls of the ECS API, counting each attempt
 * @param throttles the number of those calls that ECS refused with a ThrottlingException
 * @param failure why the pass left something open; freshness then did not move, and another pass follows by itself
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
     * Whether the pass left nothing open, so that freshness could move.
     *
     * @return true if nothing failed and every answer of ECS was clear
     */
    public boolean isComplete() {
        return failure.isEmpty();
    }

    @Override
    public String toString() {
        return clusterArn + (isFirst ? " loaded: " : " reconciled: ") + drift + "; "
                + (enriched > 0 ? enriched + " enriched, " : "") + calls + " calls, " + throttles + " throttled, "
                + duration.toMillis() + " ms"
                + failure.map(why -> "; incomplete: " + why).orElse("");
    }
}
