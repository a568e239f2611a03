package io.clusterstate.preflight;

import io.clusterstate.internal.ecs.EcsClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpResponse;

/** A comparison of the host's clock with the date of ECS's answers, which are in whole seconds. */
final class ClockLook {

    /** AWS refuses requests that are five minutes off; lags and ages mislead much earlier. */
    private static final Duration TOLERANCE = Duration.ofSeconds(5);

    private static final Duration HALF_A_SECOND = Duration.ofMillis(500);

    private final InstantSource clock;
    private final Findings findings;
    private @Nullable Duration ahead;

    ClockLook(InstantSource clock, Findings findings) {
        this.clock = clock;
        this.findings = findings;
    }

    /** Notes an answer that has just arrived. A late one makes the host's clock look ahead, so the promptest counts. */
    void answered(SdkHttpResponse response) {
        Instant now = clock.instant();
        EcsClock.dateOf(response)
                .map(date -> Duration.between(date.plus(HALF_A_SECOND), now))
                .filter(found -> ahead == null || found.compareTo(ahead) < 0)
                .ifPresent(found -> ahead = found);
    }

    void look() {
        String expected = "at most " + TOLERANCE.toSeconds() + " s";
        Optional<Duration> found = Optional.ofNullable(ahead);
        if (found.isEmpty()) {
            findings.unknown(PreflightCheck.CLOCK, "no answer of ECS had a date", expected, Optional.empty());
        } else if (found.get().abs().compareTo(TOLERANCE) > 0) {
            String side = found.get().isNegative() ? " s behind ECS's" : " s ahead of ECS's";
            findings.missing(
                    PreflightCheck.CLOCK, found.get().abs().toSeconds() + side, expected, "timedatectl set-ntp true");
        } else {
            findings.ok(PreflightCheck.CLOCK, "as ECS's");
        }
    }
}
