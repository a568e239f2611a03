package io.clusterstate.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The faults of List operations: the age of their answers, and empty pages. */
final class Staleness {
    private static final Duration OLDEST = Duration.ofSeconds(5);
    private static final double EMPTY_PAGES = 0.05;

    private final Faults faults;
    private final InstantSource clock;
    private final Randomness random;

    Staleness(Faults faults, InstantSource clock, Randomness random) {
        this.faults = faults;
        this.clock = clock;
        this.random = random;
    }

    Instant now() {
        return clock.instant();
    }

    /** The time up to which changes are in the next answer. */
    Instant horizon() {
        return isStale() ? now().minus(random.upTo(OLDEST)) : Instant.MAX;
    }

    /** The time up to which changes are in every answer. */
    Instant latest() {
        return isStale() ? now().minus(OLDEST) : Instant.MAX;
    }

    /** Whether an empty page is planned for this call of the operation. The plan is used up then. */
    boolean takesEmpty(String operation) {
        return faults.takeEmpty(operation);
    }

    boolean answersEmpty() {
        return isStale() && random.chance(EMPTY_PAGES);
    }

    /** Whether an empty page has no token, as if it were the last page. */
    boolean endsEarly() {
        return random.chance(0.5);
    }

    private boolean isStale() {
        return faults.has(Fault.STALE_LISTS);
    }
}
