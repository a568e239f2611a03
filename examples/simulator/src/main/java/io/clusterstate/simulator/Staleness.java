package io.clusterstate.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** What is wrong with the answers of the List operations: how old they are, and which pages are empty. */
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

    /** What is older than this is in the next answer. */
    Instant horizon() {
        return isStale() ? now().minus(random.upTo(OLDEST)) : Instant.MAX;
    }

    /** What is older than this is in every answer. */
    Instant latest() {
        return isStale() ? now().minus(OLDEST) : Instant.MAX;
    }

    /** Whether this call of the operation was planned to get an empty page; it is used up then. */
    boolean takesEmpty(String operation) {
        return faults.takeEmpty(operation);
    }

    boolean answersEmpty() {
        return isStale() && random.chance(EMPTY_PAGES);
    }

    /** Whether an empty page also says that it is the last one. */
    boolean endsEarly() {
        return random.chance(0.5);
    }

    private boolean isStale() {
        return faults.has(Fault.STALE_LISTS);
    }
}
