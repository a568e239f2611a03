package io.clusterstate;

import io.clusterstate.internal.loop.Surroundings;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * What ECS's clock shows, as its last answer was dated, and time that never jumps since. By it the times that events carry
 * can be compared with those of a host whose clock is wrong. HTTP dates are in whole seconds.
 *
 * <p>Thread: safe for any thread.
 */
final class EcsClock {

    private record Reading(Instant shown, long nanos) {}

    private final Surroundings surroundings;
    private volatile @Nullable Reading last;

    EcsClock(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Takes note of an answer's date, if it has one. */
    void answered(Object answer) {
        if (answer instanceof SdkResponse response) {
            date(response.sdkHttpResponse())
                    .ifPresent(
                            date -> last = new Reading(date, surroundings.time().nanos()));
        }
    }

    private static Optional<Instant> date(@Nullable SdkHttpResponse response) {
        try {
            return Optional.ofNullable(response)
                    .flatMap(http -> http.firstMatchingHeader("Date"))
                    .map(date -> OffsetDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty(); // a proxy's own spelling: the host's clock has to do
        }
    }

    /** The moment that ECS's clock showed when the host's, as it is set now, shows {@code moment}. */
    Instant fromHost(Instant moment) {
        Reading reading = last;
        if (reading == null) {
            return moment;
        }
        Instant now = reading.shown().plusNanos(surroundings.time().nanos() - reading.nanos());
        return moment.plus(Duration.between(surroundings.clock().instant(), now));
    }
}
