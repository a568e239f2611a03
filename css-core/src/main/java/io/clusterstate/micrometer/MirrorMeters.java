package io.clusterstate.micrometer;

import io.clusterstate.LoopStatus;
import io.clusterstate.SubscriptionStatus;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.mirror.DeliveryOutcome;
import io.clusterstate.mirror.Drift;
import io.clusterstate.mirror.MirrorStatus;
import io.clusterstate.mirror.MirrorStatus.Role;
import io.clusterstate.spi.Outcome;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one mirror, as {@link MirrorMetrics} describes them.
 *
 * <p>Thread: safe for any thread.
 */
final class MirrorMeters {

    /** Around the goal of a view, seconds, and up to the five minutes at which an alarm is due. */
    private static final Duration[] LAGS = {
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(15),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5)
    };

    /** Every operation that a mirror calls; the status counts any other, but no meter does. */
    private static final List<String> OPERATIONS = List.of(
            "ListClusters",
            "DescribeClusters",
            "ListTasks",
            "DescribeTasks",
            "ListContainerInstances",
            "DescribeContainerInstances",
            "ListServices",
            "DescribeServices",
            "DescribeTaskDefinition");

    private final ClusterMirror mirror;
    private final Tags tags;
    private final ViewMetrics view;
    private final Restarts restarts = new Restarts();
    private final Cached<MirrorStatus> status;

    /**
     * Meters that are in no registry yet.
     *
     * @param view the meters of the mirror's view, with the same tags
     */
    MirrorMeters(ClusterMirror mirror, Tags tags, ViewMetrics view) {
        this.mirror = mirror;
        this.tags = tags;
        this.view = view;
        this.status = new Cached<>(this::take, Cached.ONE_SCRAPE, System::nanoTime);
    }

    void bindTo(MeterRegistry registry) {
        bindEvents(registry);
        bindDrift(registry);
        bindApi(registry);
        bindLoops(registry);
        bindSubscriptions(registry);
        bindStore(registry);
        view.bindTo(registry);
    }

    private void bindEvents(MeterRegistry registry) {
        for (DeliveryOutcome outcome : DeliveryOutcome.values()) {
            counter("css.deliveries", "Deliveries by outcome", status -> count(status.deliveries(), outcome))
                    .tag("outcome", tagValue(outcome))
                    .register(registry);
        }
        for (Outcome outcome : Outcome.values()) {
            counter("css.changes", "Changes by outcome", status -> count(status.changes(), outcome))
                    .tag("outcome", tagValue(outcome))
                    .register(registry);
        }
        mirror.onEventLag(new LagRecorder(Timer.builder("css.event.lag")
                .description("Wait of applied events in the queue")
                .serviceLevelObjectives(LAGS)
                .tags(tags)
                .register(registry)));
    }

    private void bindDrift(MeterRegistry registry) {
        bindDrift(registry, "missed", Drift::missed);
        bindDrift(registry, "stale", Drift::stale);
        bindDrift(registry, "phantom", Drift::phantom);
        bindDrift(registry, "removed", Drift::removed);
        bindDrift(registry, "held_back", Drift::heldBack);
        bindDrift(registry, "unproven", Drift::unproven);
    }

    private void bindDrift(MeterRegistry registry, String drift, ToIntFunction<Drift> number) {
        counter("css.drift", "Entities that reconcile passes found wrong", status -> number.applyAsInt(status.drift()))
                .tag("drift", drift)
                .register(registry);
    }

    private void bindApi(MeterRegistry registry) {
        for (String operation : OPERATIONS) {
            counter(
                            "css.ecs.calls",
                            "Calls of the ECS API, retries included",
                            status -> count(status.api().calls(), operation))
                    .tag("operation", operation)
                    .register(registry);
            counter(
                            "css.ecs.throttled",
                            "Calls of the ECS API that ECS throttled",
                            status -> count(status.api().throttled(), operation))
                    .tag("operation", operation)
                    .register(registry);
        }
    }

    private void bindLoops(MeterRegistry registry) {
        for (LoopStatus.State state : LoopStatus.State.values()) {
            gauge("css.loops", "Loops of the mirror by health", status -> loops(status, state))
                    .tag("state", tagValue(state))
                    .register(registry);
        }
        FunctionCounter.builder("css.loop.restarts", this, MirrorMeters::allRestarts)
                .description("Loop threads that ended unexpectedly and were replaced")
                .tags(tags)
                .register(registry);
    }

    private void bindSubscriptions(MeterRegistry registry) {
        gauge("css.subscribers", "Active subscriptions", status -> active(status)
                        .count())
                .register(registry);
        gauge(
                        "css.subscriber.lag",
                        "Changes between the view and the subscription that is farthest behind",
                        status -> active(status)
                                .mapToLong(SubscriptionStatus::behind)
                                .max()
                                .orElse(0))
                .register(registry);
    }

    private static Stream<SubscriptionStatus> active(MirrorStatus status) {
        return status.subscriptions().stream().filter(SubscriptionStatus::isActive);
    }

    private void bindStore(MeterRegistry registry) {
        gauge("css.leader", "1 while the mirror reconciles its store with ECS", status -> isLeading(status) ? 1 : 0)
                .register(registry);
        gauge("css.definitions.waiting", "Task definitions that wait for a fetch", status -> status.definitions()
                        .waiting())
                .register(registry);
        gauge("css.definitions.refused", "Task definitions that were not fetched", status -> status.definitions()
                        .refused()
                        .size())
                .register(registry);
        counter("css.expectations.dropped", "Expectations that nothing confirmed", MirrorStatus::droppedExpectations)
                .register(registry);
    }

    private static boolean isLeading(MirrorStatus status) {
        return status.role() != Role.FOLLOWER;
    }

    private static long loops(MirrorStatus status, LoopStatus.State state) {
        return status.loops().stream().filter(loop -> loop.state() == state).count();
    }

    private FunctionCounter.Builder<MirrorMeters> counter(
            String name, String description, ToDoubleFunction<MirrorStatus> value) {
        return FunctionCounter.builder(name, this, metrics -> value.applyAsDouble(metrics.status.get()))
                .description(description)
                .tags(tags);
    }

    private Gauge.Builder<MirrorMeters> gauge(String name, String description, ToDoubleFunction<MirrorStatus> value) {
        return Gauge.builder(name, this, metrics -> value.applyAsDouble(metrics.status.get()))
                .description(description)
                .tags(tags)
                .strongReference(true);
    }

    private MirrorStatus take() {
        MirrorStatus taken = mirror.status();
        restarts.observe(taken.loops());
        return taken;
    }

    private double allRestarts() {
        status.get();
        return restarts.sum();
    }

    private static <K> long count(Map<K, Long> counts, K key) {
        return counts.getOrDefault(key, 0L);
    }

    private static String tagValue(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Records each lag. Two recorders of one timer are equal, so that a mirror passes a lag to the timer only once. */
    private static final class LagRecorder implements Consumer<Duration> {

        private final Timer timer;

        LagRecorder(Timer timer) {
            this.timer = timer;
        }

        @Override
        public void accept(Duration lag) {
            timer.record(lag);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof LagRecorder recorder && isSame(timer, recorder.timer);
        }

        /** Whether it is one object: timers of two registries are equal if their names and tags are. */
        @SuppressWarnings("ReferenceEquality")
        private static boolean isSame(Timer one, Timer other) {
            return one == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(timer);
        }
    }
}
