package io.clusterstate.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ChangeListener;
import io.clusterstate.LoopStatus;
import io.clusterstate.StoreLink;
import io.clusterstate.Subscription;
import io.clusterstate.mirror.ApiUse;
import io.clusterstate.mirror.DeliveryOutcome;
import io.clusterstate.mirror.Drift;
import io.clusterstate.mirror.MirrorStatus;
import io.clusterstate.mirror.MirroredEcs;
import io.clusterstate.mirror.TaskDefinitions;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.Outcome;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.testing.Await;
import io.clusterstate.testing.TestCoordination;
import io.clusterstate.testing.TestTime;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The meters of a mirror in a registry. A fresh binder has read nothing yet, so no test waits for its cache to expire.
 */
class MirrorMetricsTest {

    private static final String CLUSTER = "default";

    private final TestTime clock = new TestTime();
    private final MirroredEcs ecs = MirroredEcs.of(
            Simulator.builder().seed(11).clusters(2).tasks(160).definitions(4),
            builder -> builder.taskDefinitions(TaskDefinitions.referenced()));

    @AfterEach
    void end() {
        ecs.close();
    }

    @Test
    void beforeTheStartThereIsEveryMeterAndNothingIsKnown() {
        MeterRegistry registry = scraped();

        assertEquals(0, gauge(registry, "css.ready"));
        assertEquals(1, gauge(registry, "css.leader"));
        assertEquals(1, gauge(registry, "css.store.link.live"));
        assertEquals(Double.NaN, gauge(registry, "css.revision"));
        assertEquals(Double.NaN, seconds(registry, "css.freshness.age"));
        assertEquals(Double.NaN, seconds(registry, "css.event.lag.last"));
        assertEquals(0, registry.get("css.event.lag").timer().count());
        assertEquals(List.of(), List.copyOf(registry.find("css.entities").meters()));
        for (LoopStatus.State state : LoopStatus.State.values()) {
            assertEquals(0, gauge(registry, "css.loops", "state", word(state)));
        }
        for (Meter counter : registry.find("css.deliveries").meters()) {
            assertEquals(0, ((FunctionCounter) counter).count());
        }
        assertEquals(words(DeliveryOutcome.values()), values(registry, "css.deliveries", "outcome"));
        assertEquals(words(Outcome.values()), values(registry, "css.changes", "outcome"));
        assertEquals(
                Set.of("missed", "stale", "phantom", "removed", "held_back", "unproven"),
                values(registry, "css.drift", "drift"));
    }

    @Test
    void aSubscriberThatIsBehindShows() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        ecs.ready();
        assertEquals(0, gauge(scraped(), "css.subscribers"));
        assertEquals(0, gauge(scraped(), "css.subscriber.lag"));
        Subscription subscription = ecs.view()
                .subscribe(ChangeListener.builder()
                        .onInitial(batch -> goOn.await())
                        .build());
        Await.await(() -> ecs.mirror().status().subscriptions().get(0).batches() == 1);

        ecs.simulator().step();

        Await.await(() -> gauge(scraped(), "css.subscriber.lag") > 0);
        assertEquals(1, gauge(scraped(), "css.subscribers"));

        subscription.close(); // although its listener is still in a call
        assertEquals(0, gauge(scraped(), "css.subscribers"));
        goOn.countDown();
    }

    @Test
    void aDefinitionThatIsRefusedShows() throws Exception {
        List<String> arns = ecs.simulator().truth().tasks().stream()
                .map(Task::taskDefinitionArn)
                .distinct()
                .toList();
        ecs.simulator().faults().failAbout(arns.get(0), "ClientException");
        ecs.simulator().faults().failAbout(arns.get(1), "ServerException"); // which may pass
        ecs.ready();

        Await.await(() ->
                gauge(scraped(), "css.definitions.refused") == 1 && gauge(scraped(), "css.definitions.waiting") == 2);
        assertEquals(2, entities(scraped(), "task-definition"));
    }

    @Test
    void anExpectationThatIsDroppedShows() throws Exception {
        ecs.ready();
        assertEquals(0, counter(scraped(), "css.expectations.dropped"));
        String task = ecs.anyTask(CLUSTER).taskArn();

        ecs.mirror().expectations().stopping(task); // although nobody stops it

        Await.await(() -> {
            ecs.time().advance(Duration.ofMinutes(1));
            return counter(scraped(), "css.expectations.dropped") == 1;
        });
    }

    @Test
    void aVanishedTaskShowsAsDriftAndAsOneTaskLess() throws Exception {
        ecs.ready();
        ecs.simulator().faults().sqsOutage(true); // no event moves what is compared here
        int tasks = ecs.snapshot().tasks().count();
        MeterRegistry before = scraped();
        assertEquals(tasks, entities(before, "task"));
        assertEquals(0, counter(before, "css.drift", "drift", "phantom"));

        ecs.simulator().vanishTask(ecs.anyTask(CLUSTER).taskArn());
        assertTrue(ecs.reconcileAfterAWhile(CLUSTER).isComplete());
        MeterRegistry registry = scraped();

        Drift drift = ecs.mirror().status().drift();
        assertTrue(drift.missed() > drift.stale(), drift.toString());
        assertEquals(drift.missed(), counter(registry, "css.drift", "drift", "missed"));
        assertEquals(drift.stale(), counter(registry, "css.drift", "drift", "stale"));
        assertEquals(1, counter(registry, "css.drift", "drift", "phantom"));
        assertEquals(1, counter(registry, "css.drift", "drift", "removed"));
        assertEquals(0, counter(registry, "css.drift", "drift", "held_back"));
        assertEquals(1, counter(registry, "css.changes", "outcome", "removed"));
        assertEquals(1, gauge(registry, "css.ready"));
        assertEquals(2, entities(registry, "cluster"));
        Await.await(() -> showsTheSnapshot(scraped())); // events from before the outage may still be in work
    }

    private boolean showsTheSnapshot(MeterRegistry registry) {
        return gauge(registry, "css.revision") == ecs.snapshot().revision()
                && entities(registry, "task") == ecs.snapshot().tasks().count();
    }

    @Test
    void everyCallIsThereByItsOperation() throws Exception {
        ecs.simulator().faults().failNext("DescribeTasks", 1, "ThrottlingException");
        ecs.ready();
        ecs.reconcileAll();
        Await.await(() -> ecs.snapshot().definitions().count() == 4);
        ecs.mirror().close(); // nothing moves any more
        MeterRegistry registry = scraped();
        ApiUse use = ecs.mirror().status().api();

        assertEquals(use.calls(), counts(registry, "css.ecs.calls"));
        assertEquals(
                9,
                counts(registry, "css.ecs.calls").values().stream()
                        .filter(n -> n > 0)
                        .count());
        assertEquals(1, counter(registry, "css.ecs.throttled", "operation", "DescribeTasks"));
        assertEquals(0, counter(registry, "css.ecs.throttled", "operation", "ListTasks"));
    }

    @Test
    void anEventIsCountedWithItsLag() throws Exception {
        MeterRegistry bound = scraped();
        ecs.ready();
        ecs.world().send("{\"source\":\"aws.ec2\",\"detail-type\":\"of no interest\",\"detail\":{}}");
        String stopped = ecs.anyTask("default").taskArn();
        ecs.world().ecs().stopTask(request -> request.cluster("default").task(stopped));
        ecs.simulator().tick();
        Await.await(() -> ecs.mirror().status().deliveries().get(DeliveryOutcome.IRRELEVANT) > 0);
        Await.await(() -> ecs.view().freshness().eventLag().isPresent());
        ecs.mirror().close(); // nothing moves any more
        MeterRegistry registry = scraped();
        MirrorStatus status = ecs.mirror().status();

        for (DeliveryOutcome outcome : DeliveryOutcome.values()) {
            assertEquals(
                    status.deliveries().get(outcome).doubleValue(),
                    counter(registry, "css.deliveries", "outcome", word(outcome)));
        }
        for (Outcome outcome : Outcome.values()) {
            assertEquals(
                    status.changes().get(outcome).doubleValue(),
                    counter(registry, "css.changes", "outcome", word(outcome)));
        }
        Timer lag = bound.get("css.event.lag").timer();
        assertEquals(status.eventLag().count(), lag.count());
        assertEquals(toSeconds(status.eventLag().total()), lag.totalTime(TimeUnit.SECONDS), 1e-6);
        CountAtBucket[] buckets = lag.takeSnapshot().histogramCounts();
        assertEquals(8, buckets.length);
        assertEquals(300, buckets[7].bucket(TimeUnit.SECONDS));
        assertEquals((double) lag.count(), buckets[7].count());
        assertEquals(
                toSeconds(status.freshness().eventLag().orElseThrow()), seconds(registry, "css.event.lag.last"), 1e-6);
    }

    @Test
    void freshnessAgesByTheClock() throws Exception {
        ecs.ready();
        Instant upTo = ecs.view().freshness().freshUpTo().orElseThrow();
        MeterRegistry registry = scraped();
        assertEquals(toSeconds(Duration.between(upTo, clock.instant())), seconds(registry, "css.freshness.age"), 1e-6);

        clock.advance(Duration.ofSeconds(90));

        assertEquals(toSeconds(Duration.between(upTo, clock.instant())), seconds(registry, "css.freshness.age"), 1e-6);
    }

    @Test
    void whoLeadsAndWhoIsCutOffShows() {
        TestCoordination coordination = new TestCoordination();
        try (MirroredEcs shared = MirroredEcs.of(
                Simulator.builder().seed(11).clusters(1).tasks(1),
                builder -> builder.store(new ReferenceStore().shared(coordination)))) {
            assertEquals(1, gauge(scraped(shared), "css.leader"));
            assertEquals(1, gauge(scraped(shared), "css.store.link.live"));

            coordination.term(0);
            coordination.link(StoreLink.State.STALE);

            assertEquals(0, gauge(scraped(shared), "css.leader"));
            assertEquals(0, gauge(scraped(shared), "css.store.link.live"));
        }
    }

    @Test
    void theLoopsAreCountedByTheirStateUntilAllHaveEnded() throws Exception {
        ecs.ready();
        MeterRegistry registry = scraped();
        assertTrue(gauge(registry, "css.loops", "state", "working") > 0);
        assertEquals(0, gauge(registry, "css.loops", "state", "dead"));
        assertEquals(0, counter(registry, "css.loop.restarts"));

        ecs.mirror().close();
        MeterRegistry closed = scraped();

        assertEquals(0, gauge(closed, "css.loops", "state", "working"));
        assertTrue(gauge(closed, "css.loops", "state", "ended") > 0);
        assertEquals(0, gauge(closed, "css.ready"));
        assertEquals(Double.NaN, gauge(closed, "css.revision"));
        assertTrue(counter(closed, "css.ecs.calls", "operation", "ListTasks") > 0);
    }

    @Test
    void commonTagsAreOnEveryMeterAndTellTwoBindersApart() {
        MeterRegistry registry = new SimpleMeterRegistry();
        MirrorMetrics.of(ecs.mirror()).withTags(Tags.of("mirror", "a")).bindTo(registry);
        int one = registry.getMeters().size();
        MirrorMetrics.of(ecs.mirror()).withTags(Tags.of("mirror", "b")).bindTo(registry);

        assertEquals(2 * one, registry.getMeters().size());
        assertTrue(registry.getMeters().stream().allMatch(meter -> meter.getId().getTag("mirror") != null));
        assertTrue(registry.getMeters().stream()
                .map(Meter::getId)
                .allMatch(id -> id.getDescription() != null || id.getName().equals("css.event.lag.histogram")));
    }

    private MeterRegistry scraped() {
        return scraped(ecs);
    }

    private MeterRegistry scraped(MirroredEcs mirrored) {
        MeterRegistry registry = new SimpleMeterRegistry();
        MirrorMetrics.of(mirrored.mirror()).withClock(clock).bindTo(registry);
        registry.getMeters().forEach(meter -> meter.measure().forEach(Measurement::getValue));
        return registry;
    }

    private static double gauge(MeterRegistry registry, String name, String... tag) {
        return registry.get(name).tags(tag).gauge().value();
    }

    /** The entities of a kind, of all clusters and statuses. */
    private static double entities(MeterRegistry registry, String kind) {
        return registry.get("css.entities").tag("kind", kind).gauges().stream()
                .mapToDouble(Gauge::value)
                .sum();
    }

    private static double counter(MeterRegistry registry, String name, String... tag) {
        return registry.get(name).tags(tag).functionCounter().count();
    }

    private static double seconds(MeterRegistry registry, String name) {
        TimeGauge gauge = registry.get(name).timeGauge();
        return gauge.value(TimeUnit.SECONDS);
    }

    private static Map<String, Long> counts(MeterRegistry registry, String name) {
        return registry.get(name).meters().stream()
                .collect(Collectors.toMap(
                        meter -> meter.getId().getTag("operation"), meter -> (long) ((FunctionCounter) meter).count()));
    }

    private static Set<String> values(MeterRegistry registry, String name, String tag) {
        return registry.get(name).meters().stream()
                .map(meter -> meter.getId().getTag(tag))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> words(Enum<?>... values) {
        return Arrays.stream(values).map(MirrorMetricsTest::word).collect(Collectors.toSet());
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static double toSeconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
