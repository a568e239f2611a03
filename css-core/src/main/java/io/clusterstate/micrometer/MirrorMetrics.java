package io.clusterstate.micrometer;

import io.clusterstate.EntityKind;
import io.clusterstate.Freshness;
import io.clusterstate.LoopStatus;
import io.clusterstate.StoreLink;
import io.clusterstate.SubscriptionStatus;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.mirror.DeliveryOutcome;
import io.clusterstate.mirror.Drift;
import io.clusterstate.mirror.EventLag;
import io.clusterstate.mirror.MirrorStatus;
import io.clusterstate.mirror.MirrorStatus.Role;
import io.clusterstate.spi.Outcome;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * The status of a {@link ClusterMirror} as Micrometer meters.
 *
 * <p>Needs {@code io.micrometer:micrometer-core} on the class path, which css-core does not bring.
 *
 * <table>
 * <caption>Meters; those that count begin at 0 when the mirror is built</caption>
 * <tr><th>name</th><th>type</th><th>tag</th><th>what it tells</th></tr>
 * <tr><td>{@code css.deliveries}</td><td>counter</td><td>{@code outcome}: a {@link DeliveryOutcome}</td>
 *     <td>deliveries by what became of them</td></tr>
 * <tr><td>{@code css.changes}</td><td>counter</td><td>{@code outcome}: an {@link Outcome}</td>
 *     <td>changes, told by events or the API, by what they came to</td></tr>
 * <tr><td>{@code css.event.lag}</td><td>timer</td><td></td>
 *     <td>how many events were taken in, and how long all together had waited in the queue; no maximum</td></tr>
 * <tr><td>{@code css.event.lag.last}</td><td>gauge, time</td><td></td>
 *     <td>how long the last event had waited; NaN before the first</td></tr>
 * <tr><td>{@code css.drift}</td><td>counter</td><td>{@code drift}: {@code missed}, {@code stale}, {@code enriched},
 *     {@code phantom}, {@code removed}, {@code held_back}, {@code unproven}</td>
 *     <td>entities that comparisons found wrong, as {@link Drift} tells; not to be summed over the tag: what was removed,
 *     for one, was a phantom before</td></tr>
 * <tr><td>{@code css.ecs.calls}</td><td>counter</td><td>{@code operation}: such as {@code DescribeTasks}</td>
 *     <td>calls of the ECS API, repeated ones included</td></tr>
 * <tr><td>{@code css.ecs.throttled}</td><td>counter</td><td>{@code operation}</td>
 *     <td>those of them that were refused with a ThrottlingException</td></tr>
 * <tr><td>{@code css.freshness.age}</td><td>gauge, time</td><td></td>
 *     <td>how long ago the view was last known to be whole ({@link Freshness#freshUpTo()}); grows between comparisons, also
 *     while all is well; NaN until each cluster was compared once</td></tr>
 * <tr><td>{@code css.loops}</td><td>gauge</td><td>{@code state}: a {@link LoopStatus.State}</td>
 *     <td>the mirror's loops by how they are doing</td></tr>
 * <tr><td>{@code css.loop.restarts}</td><td>counter</td><td></td>
 *     <td>how often a loop's thread had ended unasked and was replaced; those of a loop that ended between two scrapes may
 *     be lost</td></tr>
 * <tr><td>{@code css.subscribers}</td><td>gauge</td><td></td>
 *     <td>subscriptions that are told of changes; falls when one ends by a failure, which the status tells</td></tr>
 * <tr><td>{@code css.subscriber.lag}</td><td>gauge</td><td></td>
 *     <td>by how many changes the view is ahead of the subscription that is farthest behind</td></tr>
 * <tr><td>{@code css.ready}</td><td>gauge</td><td></td><td>1 while the view answers, else 0</td></tr>
 * <tr><td>{@code css.leader}</td><td>gauge</td><td></td>
 *     <td>1 while the mirror is the one that compares its store with ECS, also if it has the store to itself; 0 while it
 *     leaves that to another. The sum over all mirrors of a store is 1, but for a short while when the lead moves</td></tr>
 * <tr><td>{@code css.store.link.live}</td><td>gauge</td><td></td>
 *     <td>1 while every change shows as soon as the store has it ({@link StoreLink#isLive}), else 0; for a store in
 *     the memory of the process 0 while another mirror holds the queue</td></tr>
 * <tr><td>{@code css.revision}</td><td>gauge</td><td></td>
 *     <td>the revision of the view's snapshot; NaN while it does not answer</td></tr>
 * <tr><td>{@code css.entities}</td><td>gauge</td><td>{@code kind}: {@code task}, {@code container-instance},
 *     {@code service}, {@code cluster}</td>
 *     <td>entities in the view, ended ones that are still kept included; NaN while it does not answer</td></tr>
 * </table>
 *
 * <p>Enumerated values are written in lower case, such as {@code handed_back}. Times are in the registry's unit, which
 * is the second for most of them. Every meter is there from {@link #bindTo} on, with every value of its tag, so that
 * there is a 0 before the first time.
 *
 * <p><b>Cost</b>: of a scrape, one {@link ClusterMirror#status()} and one snapshot, of which nothing is walked; the
 * answer serves all meters for a second, so that a value may be so old. Nothing is done between scrapes, and nothing on
 * the mirror's threads.
 *
 * <p><b>Life</b>: a registry that holds the gauges holds this object, and by it the mirror, also after the mirror was
 * closed: then {@code css.ready} is 0 and the counters stay as they were. They go when the host removes the meters or
 * drops the registry. If a filter denies all gauges, keep a reference to this object: the counters alone do not hold
 * it, and would stand still. A second mirror in the same registry needs tags of its own ({@link #withTags}): Micrometer
 * leaves out a meter whose name and tags it has already.
 *
 * <p>Thread: safe for any thread. Can be bound to several registries.
 *
 * <p>Example:
 *
 * <pre>{@code
 * MirrorMetrics.of(mirror).withTags(Tags.of("region", "eu-central-1")).bindTo(registry);
 * }</pre>
 */
public final class MirrorMetrics implements MeterBinder {

    /** Longer than a scrape takes, and shorter than the pause between two. */
    private static final Duration ONE_SCRAPE = Duration.ofSeconds(1);

    /** All that a mirror calls; what is counted under another name would be in the status, and not here. */
    private static final List<String> OPERATIONS = List.of(
            "ListClusters",
            "DescribeClusters",
            "ListTasks",
            "DescribeTasks",
            "ListContainerInstances",
            "DescribeContainerInstances",
            "ListServices",
            "DescribeServices");

    private final ClusterMirror mirror;
    private final Tags tags;
    private final InstantSource clock;
    private final Restarts restarts = new Restarts();
    private final Cached<Scrape> reading;

    private MirrorMetrics(ClusterMirror mirror, Tags tags, InstantSource clock) {
        this.mirror = mirror;
        this.tags = tags;
        this.clock = clock;
        this.reading = new Cached<>(this::read, ONE_SCRAPE, System::nanoTime);
    }

    /**
     * Meters of one mirror, without tags of their own, by the system's clock.
     *
     * @param mirror in any phase of its life; stays the host's to start and to close
     * @return the binder; nothing is read yet
     */
    public static MirrorMetrics of(ClusterMirror mirror) {
        return new MirrorMetrics(mirror, Tags.empty(), InstantSource.system());
    }

    /**
     * The same with tags on every meter, in the place of those given before.
     *
     * @param common none by the name of a tag in the table above, which would win
     * @return a new binder
     */
    public MirrorMetrics withTags(Tags common) {
        return new MirrorMetrics(mirror, common, clock);
    }

    /**
     * The same with another clock for {@code css.freshness.age}.
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
     * @param registry where to; holds this object from now on
     */
    @Override
    public void bindTo(MeterRegistry registry) {
        bindEvents(registry);
        bindDrift(registry);
        bindApi(registry);
        bindLoops(registry);
        bindSubscriptions(registry);
        bindStore(registry);
        bindView(registry);
    }

    private void bindEvents(MeterRegistry registry) {
        for (DeliveryOutcome outcome : DeliveryOutcome.values()) {
            counter(
                            "css.deliveries",
                            "Deliveries by what became of them",
                            status -> count(status.deliveries(), outcome))
                    .tag("outcome", word(outcome))
                    .register(registry);
        }
        for (Outcome outcome : Outcome.values()) {
            counter("css.changes", "Changes by what they came to", status -> count(status.changes(), outcome))
                    .tag("outcome", word(outcome))
                    .register(registry);
        }
        FunctionTimer.builder(
                        "css.event.lag",
                        this,
                        metrics -> metrics.eventLag().count(),
                        metrics -> metrics.eventLag().total().toNanos(),
                        TimeUnit.NANOSECONDS)
                .description("How long events had waited in the queue")
                .tags(tags)
                .register(registry);
        time("css.event.lag.last", "How long the last event had waited in the queue", MirrorMetrics::lastEventLag)
                .register(registry);
    }

    private void bindDrift(MeterRegistry registry) {
        bindDrift(registry, "missed", Drift::missed);
        bindDrift(registry, "stale", Drift::stale);
        bindDrift(registry, "phantom", Drift::phantom);
        bindDrift(registry, "removed", Drift::removed);
        bindDrift(registry, "held_back", Drift::heldBack);
        bindDrift(registry, "unproven", Drift::unproven);
    }

    private void bindDrift(MeterRegistry registry, String word, ToIntFunction<Drift> number) {
        counter("css.drift", "Entities that comparisons found wrong", status -> number.applyAsInt(status.drift()))
                .tag("drift", word)
                .register(registry);
    }

    private void bindApi(MeterRegistry registry) {
        for (String operation : OPERATIONS) {
            counter(
                            "css.ecs.calls",
                            "Calls of the ECS API",
                            status -> count(status.api().calls(), operation))
                    .tag("operation", operation)
                    .register(registry);
            counter(
                            "css.ecs.throttled",
                            "Calls of the ECS API that were throttled",
                            status -> count(status.api().throttled(), operation))
                    .tag("operation", operation)
                    .register(registry);
        }
    }

    private void bindLoops(MeterRegistry registry) {
        for (LoopStatus.State state : LoopStatus.State.values()) {
            gauge("css.loops", "Loops of the mirror by state", reading -> reading.loops(state))
                    .tag("state", word(state))
                    .register(registry);
        }
        FunctionCounter.builder("css.loop.restarts", this, MirrorMetrics::allRestarts)
                .description("Loops whose thread ended unasked and was replaced")
                .tags(tags)
                .register(registry);
    }

    private void bindSubscriptions(MeterRegistry registry) {
        gauge("css.subscribers", "Subscriptions that are told of changes", reading -> active(reading)
                        .count())
                .register(registry);
        gauge("css.subscriber.lag", "Changes that the slowest subscription has not been told", reading -> active(
                                reading)
                        .mapToLong(SubscriptionStatus::behind)
                        .max()
                        .orElse(0))
                .register(registry);
    }

    private static Stream<SubscriptionStatus> active(Scrape reading) {
        return reading.status().subscriptions().stream().filter(SubscriptionStatus::isActive);
    }

    private void bindStore(MeterRegistry registry) {
        gauge("css.leader", "1 while the mirror compares its store with ECS", reading -> isLeading(reading) ? 1 : 0)
                .register(registry);
        gauge("css.store.link.live", "1 while the view has what the store has", reading -> isLinked(reading) ? 1 : 0)
                .register(registry);
    }

    private static boolean isLeading(Scrape reading) {
        return reading.status().role() != Role.FOLLOWER;
    }

    private static boolean isLinked(Scrape reading) {
        return reading.status().freshness().link().isLive();
    }

    private void bindView(MeterRegistry registry) {
        time("css.freshness.age", "How long ago the view was last known to be whole", MirrorMetrics::freshnessAge)
                .register(registry);
        gauge("css.ready", "1 while the view answers", reading -> reading.isReady() ? 1 : 0)
                .register(registry);
        gauge("css.revision", "The revision of the view", Scrape::revision).register(registry);
        for (EntityKind<?> kind : EntityKind.all()) {
            gauge("css.entities", "Entities in the view", reading -> reading.entities(kind))
                    .tag("kind", kind.toString())
                    .register(registry);
        }
    }

    private FunctionCounter.Builder<MirrorMetrics> counter(
            String name, String description, ToDoubleFunction<MirrorStatus> value) {
        return FunctionCounter.builder(
                        name,
                        this,
                        metrics -> value.applyAsDouble(metrics.reading.get().status()))
                .description(description)
                .tags(tags);
    }

    private Gauge.Builder<MirrorMetrics> gauge(String name, String description, ToDoubleFunction<Scrape> value) {
        return Gauge.builder(name, this, metrics -> value.applyAsDouble(metrics.reading.get()))
                .description(description)
                .tags(tags)
                .strongReference(true);
    }

    private TimeGauge.Builder<MirrorMetrics> time(
            String name, String description, ToDoubleFunction<MirrorMetrics> nanos) {
        return TimeGauge.builder(name, this, TimeUnit.NANOSECONDS, nanos)
                .description(description)
                .tags(tags)
                .strongReference(true);
    }

    private Scrape read() {
        Scrape read = Scrape.of(mirror);
        restarts.see(read.status().loops());
        return read;
    }

    private double allRestarts() {
        reading.get();
        return restarts.sum();
    }

    private EventLag eventLag() {
        return reading.get().status().eventLag();
    }

    private double lastEventLag() {
        return freshness().eventLag().map(MirrorMetrics::nanos).orElse(Double.NaN);
    }

    private double freshnessAge() {
        return freshness()
                .freshUpTo()
                .map(upTo -> nanos(Duration.between(upTo, clock.instant())))
                .orElse(Double.NaN);
    }

    private Freshness freshness() {
        return reading.get().status().freshness();
    }

    private static double nanos(Duration duration) {
        return duration.toNanos();
    }

    private static <K> long count(Map<K, Long> counts, K key) {
        return counts.getOrDefault(key, 0L);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
