package io.clusterstate.mirror;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How long to pause after a comparison with ECS. Shorter in standby, while nothing else brings changes into the view,
 * and after that until ECS's own delay cannot hide anything any more that another mirror was told.
 *
 * @param claim on the event source; null if the mirror need not claim it
 * @param regular the pause of a mirror that receives all events
 * @param allowance how far behind itself the ECS API may answer
 */
record ReconcileInterval(@Nullable SourceClaim claim, Duration regular, Duration allowance)
        implements Supplier<Duration> {

    static final Duration IN_STANDBY = Duration.ofMinutes(1);

    @Override
    public Duration get() {
        boolean isBehind = claim != null && claim.missesEvents(allowance.multipliedBy(2));
        return isBehind && IN_STANDBY.compareTo(regular) < 0 ? IN_STANDBY : regular;
    }
}
