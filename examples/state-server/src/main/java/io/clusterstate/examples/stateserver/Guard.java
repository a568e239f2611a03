package io.clusterstate.examples.stateserver;

import io.github.bucket4j.Bucket;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/** Checks every request, and sets the headers of every answer. */
final class Guard {

    private static final Set<HandlerType> ANSWERED = Set.of(HandlerType.GET, HandlerType.HEAD);
    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");

    /** The paths without a limit, so that monitoring works under load. */
    private static final Set<String> UNMETERED = Set.of("/healthz", "/readyz", "/v1/ping", "/metrics");

    private final Bucket rate;
    private final boolean isLocal;

    Guard(int requestsASecond, InetSocketAddress address) {
        this.rate = Bucket.builder()
                .addLimit(limit -> limit.capacity(requestsASecond).refillGreedy(requestsASecond, Duration.ofSeconds(1)))
                .build();
        this.isLocal = address.getAddress() != null && address.getAddress().isLoopbackAddress();
    }

    void check(Context call) {
        call.header(
                        "Content-Security-Policy",
                        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .header("Referrer-Policy", "no-referrer")
                .header("X-Content-Type-Options", "nosniff")
                .header("X-Frame-Options", "DENY")
                .header("Vary", "Accept-Encoding");
        if (isLocal && !LOCAL.contains(hostOf(call))) {
            throw new HttpError(421, "Host: " + hostOf(call) + " (expected: localhost, to which this server is bound)");
        }
        if (!ANSWERED.contains(call.method())) {
            call.header("Allow", "GET, HEAD");
            throw new HttpError(405, "Only GET is answered");
        }
        if (!UNMETERED.contains(call.path()) && !rate.tryConsume(1)) {
            call.header("Retry-After", "1");
            throw new HttpError(429, "Too many requests");
        }
    }

    /**
     * The Host header without the port. A page of another site that points its own name to our address sends that name
     * here.
     */
    private static String hostOf(Context call) {
        String host = call.header("Host");
        return host == null ? "localhost" : host.replaceFirst(":[0-9]+$", "").toLowerCase(Locale.ROOT);
    }
}
