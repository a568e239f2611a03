package io.clusterstate.micrometer;

import io.clusterstate.LoopStatus;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.mirror.DeliveryOutcome;
import io.clusterstate.mirror.Drift;
import io.clusterstate.mirror.MirrorPlace;
import io.clusterstate.mirror.Mirrors;
import io.clusterstate.spi.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * The status of a {@link ClusterMirror}, or of each of many {@link Mirrors}, as Micrometer meters, with those of its
 * view ({@link ViewMetrics}).
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
 * <p><b>Many mirrors</b>: the meters of {@link Mirrors} have the place in the tag {@code mirror}. The limit of clusters
 * with series of their own in {@code css.entities} holds for all places together, first come, first served; each place
 * has an {@code (other)} of its own.
 *
 * <p>Any other second mirror in a registry needs tags of its own ({@link #withTags}): Micrometer ignores a meter whose
 * name and tags it already has. To bind a mirror to a registry twice changes nothing.
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

    /** The mirrors by the tags that distinguish them. */
    private final Map<Tags, ClusterMirror> mirrors;

    private final Tags tags;
    private final InstantSource clock;
    private final List<MirrorMeters> meters;

    private MirrorMetrics(Map<Tags, ClusterMirror> mirrors, Tags tags, InstantSource clock) {
        this.mirrors = mirrors;
        this.tags = tags;
        this.clock = clock;
        Semaphore namedClusters = new Semaphore(EntityCounts.MOST_CLUSTERS);
        this.meters = mirrors.entrySet().stream()
                .map(each -> meters(each.getValue(), tags.and(each.getKey()), clock, namedClusters))
                .toList();
    }

    private static MirrorMeters meters(ClusterMirror mirror, Tags tags, InstantSource clock, Semaphore namedClusters) {
        return new MirrorMeters(mirror, tags, new ViewMetrics(mirror.view(), tags, clock, namedClusters));
    }

    /**
     * Creates the meters of a mirror, without further tags, by the system's clock. It reads nothing yet.
     *
     * @param mirror the mirror, in any state; the host starts and closes it
     * @return the binder
     */
    public static MirrorMetrics of(ClusterMirror mirror) {
        return new MirrorMetrics(Map.of(Tags.empty(), mirror), Tags.empty(), InstantSource.system());
    }

    /**
     * Creates the meters of each of many mirrors, with a tag for its place, by the system's clock. It reads nothing
     * yet.
     *
     * @param mirrors the mirrors, in any state; the host starts and closes them
     * @return the binder; the value of the tag is {@link MirrorPlace#name()}
     */
    public static MirrorMetrics of(Mirrors mirrors) {
        Map<Tags, ClusterMirror> byTag = new LinkedHashMap<>();
        mirrors.mirrors().forEach((place, mirror) -> byTag.put(Tags.of(Tag.of("mirror", place)), mirror));
        return new MirrorMetrics(byTag, Tags.empty(), InstantSource.system());
    }

    /**
     * A copy with these tags on every meter, instead of earlier ones.
     *
     * @param common the tags; none may have a name from the table above, or {@code mirror} for many, since the meter's
     *     own tag would replace it
     * @return a new binder
     */
    public MirrorMetrics withTags(Tags common) {
        return new MirrorMetrics(mirrors, common, clock);
    }

    /**
     * A copy with another clock for {@code css.freshness.age}.
     *
     * @param source the clock that the mirrors were built with, or one that agrees with it
     * @return a new binder
     */
    public MirrorMetrics withClock(InstantSource source) {
        return new MirrorMetrics(mirrors, tags, source);
    }

    /**
     * Registers all meters. Calls neither ECS nor the queue.
     *
     * @param registry the registry, which holds this object from now on
     */
    @Override
    public void bindTo(MeterRegistry registry) {
        meters.forEach(each -> each.bindTo(registry));
    }
}
