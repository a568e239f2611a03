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
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * The status of a {@link ClusterMirror} as Micrometer meters, with those of its view ({@link ViewMetrics}).
 *
 * <p>Needs {@code io.micrometer:micrometer-core} on the class path, which css-core does not bring.
 *
 * <table>
 * <caption>Meters; counters begin at 0 when the mirror is built</caption>
 * <tr><th>name</th><th>type</th><th>tag</th><th>meaning</th></tr>
 * <tr><td>{@code css.deliveries}</td><td>counter</td><td>{@code outcome}: a {@link DeliveryOutcome}</td>
 *     <td>deliveries by outcome</td></tr>
 * <tr><td>{@code css.changes}</td><td>counter</td><td>{@code outcome}: an {@link Outcome}</td>
 *     <td>changes from events and the API, by outcome</td></tr>
 * <tr><td>{@code css.event.lag}</td><td>timer with buckets from 100 ms to 5 min</td><td></td>
 *     <td>wait of each applied event in the queue, from {@link #bindTo} on ({@link ClusterMirror#onEventLag})</td></tr>
 * <tr><td>{@code css.drift}</td><td>counter</td><td>{@code drift}: {@code missed}, {@code stale}, {@code phantom},
 *     {@code removed}, {@code held_back}, {@code unproven}</td>
 *     <td>entities that reconcile passes found wrong, as {@link Drift} defines. A removed entity also counts as a
 *     phantom, so the tag's values do not add up</td></tr>
 * <tr><td>{@code css.ecs.calls}</td><td>counter</td><td>{@code operation}: such as {@code DescribeTasks}</td>
 *     <td>calls of the ECS API, retries included</td></tr>
 * <tr><td>{@code css.ecs.throttled}</td><td>counter</td><td>{@code operation}</td>
 *     <td>calls that ECS refused with a ThrottlingException</td></tr>
 * <tr><td>{@code css.loops}</td><td>gauge</td><td>{@code state}: a {@link LoopStatus.State}</td>
 *     <td>the mirror's loops by health</td></tr>
 * <tr><td>{@code css.loop.restarts}</td><td>counter</td><td></td>
 *     <td>loop threads that ended unexpectedly and were replaced; restarts of a loop that ended between two scrapes may
 *     be lost</td></tr>
 * <tr><td>{@code css.subscribers}</td><td>gauge</td><td></td>
 *     <td>active subscriptions; falls when one ends by a failure, which the status shows</td></tr>
 * <tr><td>{@code css.subscriber.lag}</td><td>gauge</td><td></td>
 *     <td>number of changes between the view and the subscription that is farthest behind</td></tr>
 * <tr><td>{@code css.leader}</td><td>gauge</td><td></td>
 *     <td>1 while the mirror reconciles its store with ECS, also if it has the store to itself; 0 while another mirror
 *     does. The sum over all mirrors of a store is 1, except for a short while when the leader changes</td></tr>
 * <tr><td>{@code css.definitions.waiting}</td><td>gauge</td><td></td>
 *     <td>task definitions that tasks and services refer to and the view lacks, refused ones included; 0 for a mirror
 *     that does not lead, or fetches none</td></tr>
 * <tr><td>{@code css.definitions.refused}</td><td>gauge</td><td></td>
 *     <td>task definitions of which the last fetch failed</td></tr>
 * <tr><td>{@code css.expectations.dropped}</td><td>counter</td><td></td>
 *     <td>expectations that were dropped although the view never showed them</td></tr>
 * </table>
 *
 * <p>Tag values from enums are in lower case, such as {@code handed_back}. Times are in the registry's unit, which is
 * the second for most registries. {@link #bindTo} registers every meter of this table with every value of its tag, so
 * each starts at 0.
 *
 * <p><b>Cost</b>: a scrape reads one {@link ClusterMirror#status()} and one snapshot, without a walk over entities. All
 * meters share them for a second, so a value may be that old. Between scrapes, and on the mirror's threads, only
 * {@code css.event.lag} runs: each event costs the record of a timer.
 *
 * <p><b>Life</b>: the gauges in a registry hold this object and its mirror, even after the mirror was closed. Then
 * {@code css.ready} is 0 and the counters stand still, until the host removes the meters or drops the registry. If a
 * filter denies all gauges, keep a reference to this object: the counters alone do not hold it, and would stand still.
 *
 * <p>A second mirror in a registry needs tags of its own ({@link #withTags}): Micrometer ignores a meter whose name and
 * tags it already has.
 *
 * <p>Thread: safe for any thread. Can be bound to several registries.
 *
 * <p>Example:
 *
 * <pre>{@code
 * MirrorMetrics.of(mirror).withTags(Tags.of("region", "eu-central-1")).bindTo(registry);
 * }</pre>
 */
@SuppressWarnings("exports") // a host that uses this package requires Micrometer itself
public final class MirrorMetrics implements MeterBinder {

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
    private final InstantSource clock;
    private final Restarts restarts = new Restarts();
    private final Cached<MirrorStatus> status;

    private MirrorMetrics(ClusterMirror mirror, Tags tags, InstantSource clock) {
        this.mirror = mirror;
        this.tags = tags;
        this.clock = clock;
        this.status = new Cached<>(this::take, Cached.ONE_SCRAPE, System::nanoTime);
    }

    /**
     * Creates the meters of a mirror, without further tags, by the system's clock. It reads nothing yet.
     *
     * @param mirror the mirror, in any state; the host starts and closes it
     * @return the binder
     */
    public static MirrorMetrics of(ClusterMirror mirror) {
        return new MirrorMetrics(mirror, Tags.empty(), InstantSource.system());
    }

    /**
     * A copy with these tags on every meter, instead of earlier ones.
     *
     * @param common the tags; none may have a name from the table above, since the meter's own tag would replace it
     * @return a new binder
     */
    public MirrorMetrics withTags(Tags common) {
        return new MirrorMetrics(mirror, common, clock);
    }

    /**
     * A copy with another clock for {@code css.freshness.age}.
     *
     * @param source the clock that the mirror was built with, or one that agrees with it
     * @return a new binder
     */
    public MirrorMetrics withClock(InstantSource source) {
        return new MirrorMetrics(mirror, tags, source);
    }

    /**
     * Registers all meters. Calls neither ECS nor the queue.
     *
     * @param registry the registry, which holds this object from now on
     */
    @Override
    public void bindTo(MeterRegistry registry) {
        bindEvents(registry);
        bindDrift(registry);
        bindApi(registry);
        bindLoops(registry);
        bindSubscriptions(registry);
        bindStore(registry);
        ViewMetrics.of(mirror.view()).withTags(tags).withClock(clock).bindTo(registry);
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
        mirror.onEventLag(Timer.builder("css.event.lag")
                .description("Wait of applied events in the queue")
                .serviceLevelObjectives(LAGS)
                .tags(tags)
                .register(registry)::record);
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
        FunctionCounter.builder("css.loop.restarts", this, MirrorMetrics::allRestarts)
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

    private FunctionCounter.Builder<MirrorMetrics> counter(
            String name, String description, ToDoubleFunction<MirrorStatus> value) {
        return FunctionCounter.builder(name, this, metrics -> value.applyAsDouble(metrics.status.get()))
                .description(description)
                .tags(tags);
    }

    private Gauge.Builder<MirrorMetrics> gauge(String name, String description, ToDoubleFunction<MirrorStatus> value) {
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
}
