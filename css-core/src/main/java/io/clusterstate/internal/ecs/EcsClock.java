package io.clusterstate.internal.ecs;

import io.clusterstate.internal.loop.Environment;
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
 * ECS's clock: the date of ECS's last answer, plus the monotonic time since. It makes the times in events comparable
 * with those of a host whose clock is wrong. HTTP dates are in whole seconds.
 *
 * <p>Thread: safe for any thread.
 */
public final class EcsClock {

    private record Reading(Instant shown, long nanos) {}

    private final Environment environment;
    private volatile @Nullable Reading last;

    /**
     * Creates a clock that shows the host's time until ECS has answered.
     *
     * @param environment the host's clock and its monotonic time
     */
    public EcsClock(Environment environment) {
        this.environment = environment;
    }

    /** Notes the date of an answer, if it has one. */
    void answered(Object answer) {
        if (answer instanceof SdkResponse response) {
            dateOf(response.sdkHttpResponse())
                    .ifPresent(
                            date -> last = new Reading(date, environment.time().nanos()));
        }
    }

    /**
     * The date of an answer, by the clock of the server.
     *
     * @param response the answer, if there is one
     * @return whole seconds; empty without a date in the form of RFC 1123
     */
    public static Optional<Instant> dateOf(@Nullable SdkHttpResponse response) {
        try {
            return Optional.ofNullable(response)
                    .flatMap(http -> http.firstMatchingHeader("Date"))
                    .map(date -> OffsetDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty(); // a proxy's own date format: the host's clock serves instead
        }
    }

    /**
     * Translates a moment of the host's clock, as it is set now, to ECS's clock.
     *
     * @param moment a moment by the host's clock
     * @return the time on ECS's clock at that moment
     */
    public Instant fromHost(Instant moment) {
        Reading reading = last;
        if (reading == null) {
            return moment;
        }
        Instant now = reading.shown().plusNanos(environment.time().nanos() - reading.nanos());
        return moment.plus(Duration.between(environment.clock().instant(), now));
    }
}
