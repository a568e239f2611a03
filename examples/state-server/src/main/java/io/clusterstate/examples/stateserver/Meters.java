package io.clusterstate.examples.stateserver;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Set;

/** The metrics for Prometheus. */
final class Meters implements AutoCloseable {

    private static final Set<String> STREAMS = Set.of("text/event-stream", "application/octet-stream");

    private static final Set<HandlerType> METHODS = Set.of(HandlerType.GET, HandlerType.HEAD);

    /** Around a single entity, a list, a long list, and what is too long. */
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5), Duration.ofMillis(50), Duration.ofMillis(500), Duration.ofSeconds(5)
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    Meters(StateSource source, Streams streams) {
        source.bindTo(registry, Tags.empty());
        Gauge.builder("css.http.streams", streams, Streams::count)
                .description("Open streams")
                .register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    void add(Histories histories) {
        histories.bindTo(registry);
    }

    /** Counts an answer by the route's template and the status' class, so that clients cannot add series. */
    void answered(Context call, float millis) {
        var endpoint = call.endpoints().lastHttpEndpoint();
        if (STREAMS.stream().anyMatch(String.valueOf(call.res().getContentType())::startsWith)) {
            return; // a stream lasts as long as its client stays
        }
        Timer.builder("css.http.requests")
                .description("Requests by method, route and class of status, without streams")
                .tag("method", METHODS.contains(call.method()) ? call.method().name() : "other")
                .tag("route", endpoint == null ? "none" : endpoint.path)
                .tag("status", call.statusCode() / 100 + "xx")
                .serviceLevelObjectives(BUCKETS)
                .register(registry)
                .record(Duration.ofNanos((long) (millis * 1_000_000)));
    }

    /** The metrics in Prometheus' text format. */
    String scrape() {
        // registers the gauges of new clusters, before the scrape
        registry.get("css.ready").gauges().forEach(Gauge::value);
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
