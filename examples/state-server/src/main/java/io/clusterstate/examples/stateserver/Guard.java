package io.clusterstate.examples.stateserver;

import io.github.bucket4j.Bucket;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.time.Duration;
import java.util.Set;

/** Checks every request, and sets the headers of every answer. */
final class Guard {

    private static final Set<HandlerType> ANSWERED = Set.of(HandlerType.GET, HandlerType.HEAD);

    /** The paths without a limit, so that monitoring works under load. */
    private static final Set<String> UNMETERED = Set.of("/healthz", "/readyz", "/v1/ping", "/metrics");

    private final Bucket rate;
    private final AllowedHosts hosts;

    Guard(int requestsASecond, AllowedHosts hosts) {
        this.rate = Bucket.builder()
                .addLimit(limit -> limit.capacity(requestsASecond).refillGreedy(requestsASecond, Duration.ofSeconds(1)))
                .build();
        this.hosts = hosts;
    }

    void check(Context call) {
        SecurityHeaders.addTo(call);
        call.header("Vary", "Accept-Encoding");
        hosts.check(call.header("Host"));
        if (!ANSWERED.contains(call.method())) {
            call.header("Allow", "GET, HEAD");
            throw new HttpError(405, "Only GET is answered");
        }
        if (!UNMETERED.contains(call.path()) && !rate.tryConsume(1)) {
            call.header("Retry-After", "1");
            throw new HttpError(429, "Too many requests");
        }
    }
}
