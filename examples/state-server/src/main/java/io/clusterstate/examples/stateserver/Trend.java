package io.clusterstate.examples.stateserver;

import io.clusterstate.ClusterStateView;
import io.clusterstate.Snapshot;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The course of the last 15 minutes, as samples of all clusters. A sample is missing for a time at which the view, or a
 * place of it, was not ready. A sample takes five lookups of counts, however many tasks there are.
 *
 * <p>Thread: safe for any thread.
 */
final class Trend {

    static final Duration STEP = Duration.ofSeconds(5);
    static final int MOST = 180;

    private static final Logger LOG = LoggerFactory.getLogger(Trend.class);
    private static final List<String> STARTING = List.of("PROVISIONING", "PENDING", "ACTIVATING");

    private final ClusterStateView view;
    private final InstantSource clock;
    private final ArrayDeque<Sample> samples = new ArrayDeque<>(MOST);

    /**
     * A sample.
     *
     * @param at the time
     * @param running the number of running tasks
     * @param pending the number of tasks on their way to running
     * @param lagMillis the lag of the last event in milliseconds; null before the first event
     */
    record Sample(Instant at, int running, int pending, @Nullable Long lagMillis) {}

    Trend(ClusterStateView view, InstantSource clock) {
        this.view = view;
        this.clock = clock;
    }

    void addTo(Routes routes) {
        routes.get("/v1/trend", call -> {
            Filters.of(call, Set.of());
            call.contentType(Json.TYPE).header("Cache-Control", "no-store").result(Json.object(this::write));
        });
    }

    /** Takes a sample if the view is ready. It throws nothing, since an exception would end the schedule. */
    void sample() {
        try {
            if (view.isReady()) {
                keep(sampleOf(view.snapshot()));
            }
        } catch (RuntimeException e) {
            LOG.debug("no sample", e);
        }
    }

    private Sample sampleOf(Snapshot now) {
        int pending = STARTING.stream()
                .mapToInt(status -> now.tasks().status(status).count())
                .sum();
        Long lag = view.freshness().eventLag().map(Duration::toMillis).orElse(null);
        return new Sample(clock.instant(), now.tasks().status("RUNNING").count(), pending, lag);
    }

    private synchronized void keep(Sample sample) {
        if (samples.size() == MOST) {
            samples.removeFirst();
        }
        samples.addLast(sample);
    }

    private synchronized List<Sample> kept() {
        return List.copyOf(samples);
    }

    void write(Fields fields) throws IOException {
        fields.number("stepSeconds", STEP.toSeconds())
                .moment("now", clock.instant())
                .list("samples", kept(), (json, sample) -> json.moment("at", sample.at())
                        .number("running", sample.running())
                        .number("pending", sample.pending())
                        .number("lagMillis", sample.lagMillis()));
    }
}
