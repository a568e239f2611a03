package io.clusterstate.examples.daemonscheduler;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The pauses after calls that ECS has refused or not answered: for one instance or task, and for all. A pause doubles
 * with each failure in a row, from a second to a minute. Up to half of it is left out at random, so that calls spread.
 *
 * <p>Thread: one thread at a time.
 */
final class Pauses {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final int DOUBLINGS = 6;
    private static final Duration LONGEST = Duration.ofMinutes(1);

    /**
     * A pause.
     *
     * @param version the version of the entity about which the call was; a later one ends the pause
     * @param failures the number of failures in a row
     * @param end the time from which on the call may be made again
     */
    private record Pause(@Nullable Long version, int failures, Instant end) {

        static final Pause NONE = new Pause(null, 0, Instant.MIN);
    }

    private final Map<String, Pause> ofOne = new HashMap<>();
    private final InstantSource clock;
    private final RandomGenerator random;
    private Pause ofAll = Pause.NONE;

    Pauses(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /** Whether a call about an instance or task may be made now. */
    boolean areOver(String arn, @Nullable Long version) {
        Instant now = clock.instant();
        return !now.isBefore(ofAll.end()) && !now.isBefore(last(arn, version).end());
    }

    /** Begins the pause after a failed call; returns its end. */
    Instant begin(String arn, @Nullable Long version) {
        Pause next = after(last(arn, version), version);
        ofOne.values().removeIf(each -> each.end().isBefore(clock.instant().minus(LONGEST)));
        ofOne.put(arn, next);
        return next.end();
    }

    /** Begins a pause of all calls, since a refusal would meet each of them. */
    void beginForAll() {
        ofAll = after(ofAll, null);
    }

    /** Ends the pause of all calls, since ECS has carried one out. */
    void endForAll() {
        ofAll = Pause.NONE;
    }

    private Pause last(String arn, @Nullable Long version) {
        Pause known = ofOne.getOrDefault(arn, Pause.NONE);
        return Objects.equals(known.version(), version) ? known : Pause.NONE;
    }

    private Pause after(Pause last, @Nullable Long version) {
        long doubled = FIRST.toMillis() << Math.min(last.failures(), DOUBLINGS);
        long limit = Math.min(doubled, LONGEST.toMillis());
        Duration length = Duration.ofMillis(random.nextLong(limit / 2, limit + 1));
        return new Pause(version, last.failures() + 1, clock.instant().plus(length));
    }
}
