package io.clusterstate.micrometer;

import io.clusterstate.ClusterStateView;
import io.clusterstate.CompositeSnapshot;
import io.clusterstate.CompositeView;
import io.clusterstate.Freshness;
import io.clusterstate.NotReadyException;
import io.clusterstate.Snapshot;
import io.clusterstate.StoreLink;
import io.clusterstate.micrometer.EntityCounts.Row;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * A view as Micrometer meters, for a reader of a shared store. {@link MirrorMetrics} includes these meters.
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>name</th><th>type</th><th>tag</th><th>meaning</th></tr>
 * <tr><td>{@code css.ready}</td><td>gauge</td><td></td><td>1 while the view answers, else 0</td></tr>
 * <tr><td>{@code css.revision}</td><td>gauge</td><td></td>
 *     <td>the revision of the view's snapshot; NaN while the view does not answer</td></tr>
 * <tr><td>{@code css.freshness.age}</td><td>gauge, time</td><td></td>
 *     <td>time since the moment up to which the view is known to be complete ({@link Freshness#freshUpTo()}); grows
 *     between reconcile passes, which is normal; NaN until each cluster was reconciled once</td></tr>
 * <tr><td>{@code css.store.link.live}</td><td>gauge</td><td></td>
 *     <td>1 while every change shows as soon as the store has it ({@link StoreLink#isLive}), else 0; for a store in
 *     memory, 0 while another mirror holds the queue</td></tr>
 * <tr><td>{@code css.event.lag.last}</td><td>gauge, time</td><td></td>
 *     <td>wait of the last event in the queue; NaN before the first, and for a reader</td></tr>
 * <tr><td>{@code css.entities}</td><td>gauge</td><td>{@code cluster}: a name; {@code kind}: {@code task},
 *     {@code container-instance}, {@code service}, {@code cluster}, {@code task-definition}; {@code status}: as ECS
 *     writes it</td>
 *     <td>entities in the view, including ended ones in their retention; NaN while the view does not answer</td></tr>
 * </table>
 *
 * <p><b>Series</b>: {@code css.entities} has a series for each status that a cluster's entities have had, so some ten
 * for a cluster and at most 20. The first 50 clusters have series of their own for as long as they are in the view. All
 * others are summed under the cluster {@code (other)}, and statuses of a later ECS under {@code (other)}, too. A task
 * definition belongs to no cluster; its tag is empty. A series appears at the second scrape after its first entity at
 * the latest, and ends with its cluster.
 *
 * <p><b>Cost</b>: a scrape reads one snapshot, and the sizes of its indexes, without a walk over entities. All meters
 * share them for a second, so a value may be that old. Between scrapes nothing runs.
 *
 * <p><b>Life</b>: a registry holds the view, even after the view was closed; then {@code css.ready} is 0.
 *
 * <p><b>A composite view</b> has no {@code css.revision}, and its freshness and link are the worst of its members'. To
 * see each member, bind the meters of the members' views, with a tag that names the member.
 *
 * <p>A second view in a registry needs tags of its own ({@link #withTags}): Micrometer ignores a meter whose name and
 * tags it already has.
 *
 * <p>Thread: safe for any thread. Can be bound to several registries.
 */
@SuppressWarnings("exports") // a host that uses this package requires Micrometer itself
public final class ViewMetrics implements MeterBinder {

    private final ClusterStateView view;
    private final Tags tags;
    private final InstantSource clock;
    private final EntityCounts entities;
    private final List<MultiGauge> gauges = new CopyOnWriteArrayList<>();
    private final Cached<Look> look = new Cached<>(this::take, Cached.ONE_SCRAPE, System::nanoTime);

    /** The numbers of a scrape. It holds no snapshot, so that no snapshot outlives the scrape. */
    private record Look(boolean isReady, double revision, Freshness freshness, Map<Row, Integer> entities) {}

    private ViewMetrics(ClusterStateView view, Tags tags, InstantSource clock) {
        this(view, tags, clock, new Semaphore(EntityCounts.MOST_CLUSTERS));
    }

    /**
     * Meters of one view among several.
     *
     * @param namedClusters the clusters that may still have series of their own, in all these views
     */
    ViewMetrics(ClusterStateView view, Tags tags, InstantSource clock, Semaphore namedClusters) {
        this.entities = new EntityCounts(namedClusters);
        this.view = view;
        this.tags = tags;
        this.clock = clock;
    }

    /**
     * Creates the meters of a view, without further tags, by the system's clock. It reads nothing yet.
     *
     * @param view the view, ready or not
     * @return the binder
     */
    public static ViewMetrics of(ClusterStateView view) {
        return new ViewMetrics(view, Tags.empty(), InstantSource.system());
    }

    /**
     * A copy with these tags on every meter, instead of earlier ones.
     *
     * @param common the tags; none may have a name from the table above
     * @return a new binder
     */
    public ViewMetrics withTags(Tags common) {
        return new ViewMetrics(view, common, clock);
    }

    /**
     * A copy with another clock for {@code css.freshness.age}.
     *
     * @param source the clock of the mirror that the view is of, or one that agrees with it
     * @return a new binder
     */
    public ViewMetrics withClock(InstantSource source) {
        return new ViewMetrics(view, tags, source);
    }

    /**
     * Registers all meters.
     *
     * @param registry the registry, which holds this object from now on
     */
    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, "css.ready", "1 while the view answers", now -> now.isReady ? 1 : 0);
        if (!(view instanceof CompositeView)) {
            gauge(registry, "css.revision", "The revision of the view", Look::revision);
        }
        gauge(
                registry,
                "css.store.link.live",
                "1 while the view shows every change of the store",
                now -> now.freshness.link().isLive() ? 1 : 0);
        time(
                registry,
                "css.freshness.age",
                "Time since the moment up to which the view is known to be complete",
                this::age);
        time(registry, "css.event.lag.last", "Wait of the last event in the queue", now -> now.freshness
                .eventLag()
                .map(ViewMetrics::nanos)
                .orElse(Double.NaN));
        gauges.add(MultiGauge.builder("css.entities")
                .description("Entities in the view")
                .tags(tags)
                .register(registry));
    }

    private void gauge(MeterRegistry registry, String name, String description, ToDoubleFunction<Look> value) {
        Gauge.builder(name, this, metrics -> value.applyAsDouble(metrics.look.get()))
                .description(description)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    private void time(MeterRegistry registry, String name, String description, ToDoubleFunction<Look> nanos) {
        TimeGauge.builder(name, this, TimeUnit.NANOSECONDS, metrics -> nanos.applyAsDouble(metrics.look.get()))
                .description(description)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    private Look take() {
        Freshness freshness = view.freshness();
        try {
            Snapshot now = view.snapshot();
            Map<Row, Integer> counts = entities.update(now);
            List<MultiGauge.Row<?>> rows =
                    counts.keySet().stream().<MultiGauge.Row<?>>map(this::row).toList();
            gauges.forEach(gauge -> gauge.register(rows, false));
            double revision = now instanceof CompositeSnapshot ? Double.NaN : now.revision();
            return new Look(true, revision, freshness, counts);
        } catch (NotReadyException e) {
            return new Look(false, Double.NaN, freshness, Map.of());
        }
    }

    private MultiGauge.Row<ViewMetrics> row(Row row) {
        Tags own = Tags.of("cluster", row.cluster(), "kind", row.kind(), "status", row.status());
        return MultiGauge.Row.of(own, this, metrics -> metrics.count(row));
    }

    private double count(Row row) {
        Integer count = look.get().entities.get(row);
        return count == null ? Double.NaN : count;
    }

    private double age(Look now) {
        return now.freshness
                .freshUpTo()
                .map(upTo -> nanos(Duration.between(upTo, clock.instant())))
                .orElse(Double.NaN);
    }

    private static double nanos(Duration duration) {
        return duration.toNanos();
    }
}
