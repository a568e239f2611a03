package io.clusterstate.examples.stateserver;

import io.javalin.http.Context;
import io.micrometer.core.instrument.Gauge;
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

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    Meters(StateSource source, Streams streams) {
        source.bindTo(registry);
        Gauge.builder("css.http.streams", streams, Streams::count)
                .description("Open streams")
                .register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    /** Counts an answer by route and not by address, so that clients cannot add series. */
    void answered(Context call, float millis) {
        var endpoint = call.endpoints().lastHttpEndpoint();
        if (STREAMS.stream().anyMatch(String.valueOf(call.res().getContentType())::startsWith)) {
            return; // a stream lasts as long as its client stays
        }
        Timer.builder("css.http.requests")
                .description("Requests by route and status, without streams")
                .tag("route", endpoint == null ? "none" : endpoint.path)
                .tag("status", Integer.toString(call.statusCode()))
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofNanos(100_000))
                .maximumExpectedValue(Duration.ofSeconds(10))
                .register(registry)
                .record(Duration.ofNanos((long) (millis * 1_000_000)));
    }

    /** The metrics in Prometheus' text format. */
    String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
