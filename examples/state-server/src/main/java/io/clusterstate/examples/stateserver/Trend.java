package io.clusterstate.examples.stateserver;

import io.clusterstate.ClusterStateView;
import io.clusterstate.TaskQuery;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The course of the last 15 minutes, as samples of all clusters of the ready places. A sample names the places that it
 * lacks; there is none for a time at which no place was ready. A sample takes five lookups of counts for each place,
 * however many tasks there are.
 *
 * <p>Thread: safe for any thread.
 */
final class Trend {

    static final Duration STEP = Duration.ofSeconds(5);
    static final int MOST = 180;

    private static final Logger LOG = LoggerFactory.getLogger(Trend.class);
    private static final List<String> STARTING = List.of("PROVISIONING", "PENDING", "ACTIVATING");

    private final Map<String, ClusterStateView> places;
    private final InstantSource clock;
    private final ArrayDeque<Sample> samples = new ArrayDeque<>(MOST);

    /**
     * The counts of a place, or their sum.
     *
     * @param running the number of running tasks
     * @param pending the number of tasks on their way to running
     * @param lagMillis the lag of the last event in milliseconds, the longest of all places; null before the first
     *     event
     */
    record Counts(int running, int pending, @Nullable Long lagMillis) {

        static final Counts NONE = new Counts(0, 0, null);

        Counts plus(Counts other) {
            return new Counts(running + other.running, pending + other.pending, longest(lagMillis, other.lagMillis));
        }

        private static @Nullable Long longest(@Nullable Long one, @Nullable Long other) {
            if (one == null || other == null) {
                return one == null ? other : one;
            }
            return Math.max(one, other);
        }
    }

    /**
     * A sample.
     *
     * @param at the time
     * @param counts the sum of the ready places
     * @param missing the names of the places that were not ready
     */
    record Sample(Instant at, Counts counts, List<String> missing) {}

    /** A trend without samples of places, each by its name. */
    Trend(Map<String, ClusterStateView> places, InstantSource clock) {
        this.places = places;
        this.clock = clock;
    }

    void addTo(Routes routes) {
        routes.get("/v1/trend", call -> {
            Filters.of(call, Set.of());
            call.contentType(Json.TYPE).header("Cache-Control", "no-store").result(Json.object(this::write));
        });
    }

    /** Takes a sample if a place is ready. It throws nothing, since an exception would end the schedule. */
    void sample() {
        try {
            Sample now = sampleAt(clock.instant());
            if (now.missing().size() < places.size()) {
                keep(now);
            }
        } catch (RuntimeException e) {
            LOG.debug("no sample", e);
        }
    }

    private Sample sampleAt(Instant at) {
        Counts sum = Counts.NONE;
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, ClusterStateView> place : places.entrySet()) {
            Optional<Counts> counts = countsOf(place.getValue());
            sum = counts.map(sum::plus).orElse(sum);
            if (counts.isEmpty()) {
                missing.add(place.getKey());
            }
        }
        return new Sample(at, sum, List.copyOf(missing));
    }

    /** The counts of a place; empty if it is not ready, or fails. */
    private static Optional<Counts> countsOf(ClusterStateView view) {
        try {
            TaskQuery tasks = view.snapshot().tasks();
            int pending = STARTING.stream()
                    .mapToInt(status -> tasks.status(status).count())
                    .sum();
            Long lag = view.freshness().eventLag().map(Duration::toMillis).orElse(null);
            return Optional.of(new Counts(tasks.status("RUNNING").count(), pending, lag));
        } catch (RuntimeException e) {
            LOG.debug("no counts", e);
            return Optional.empty();
        }
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
                .list("samples", kept(), Trend::write);
    }

    private static void write(Fields fields, Sample sample) throws IOException {
        fields.moment("at", sample.at())
                .number("running", sample.counts().running())
                .number("pending", sample.counts().pending())
                .number("lagMillis", sample.counts().lagMillis())
                .textsIfAny("missing", sample.missing());
    }
}
