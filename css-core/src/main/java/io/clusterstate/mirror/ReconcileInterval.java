package io.clusterstate.mirror;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The regular pause between passes. It is shorter in standby, when only passes bring changes into the view. After a
 * standby it stays short for twice the allowance, until ECS reports every change whose event another mirror received.
 *
 * @param claim the claim on the event source; empty if the mirror needs none
 * @param regular the pause of a mirror that receives all events
 * @param allowance the time by which an answer of the ECS API may lag behind
 */
record ReconcileInterval(Optional<SourceClaim> claim, Duration regular, Duration allowance)
        implements Supplier<Duration> {

    static final Duration IN_STANDBY = Duration.ofMinutes(1);

    @Override
    public Duration get() {
        boolean isBehind = claim.filter(held -> held.missesEvents(allowance.multipliedBy(2)))
                .isPresent();
        return isBehind && IN_STANDBY.compareTo(regular) < 0 ? IN_STANDBY : regular;
    }
}
