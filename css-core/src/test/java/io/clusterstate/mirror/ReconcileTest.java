package io.clusterstate.mirror;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.clusterstate.EntityKind;
import io.clusterstate.ecs.EcsArn;
import io.clusterstate.mirror.MirrorStatus.Role;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.simulator.SimulatorBuilder;
import io.clusterstate.spi.ClaimableSource;
import io.clusterstate.testing.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;

/** The repairs of a reconcile with the ECS API, its clusters, and its report. */
class ReconcileTest {

    private static final String CLUSTER = "default";

    @Test
    void findsWhatEventsThatWereLostWouldHaveTold() throws Exception {
        try (MirroredEcs ecs = MirroredEcs.of(small(), builder -> builder.events(new ScriptedSource()))
                .ready()) {
            Task changed = ecs.anyTask(CLUSTER);
            ecs.world().ecs().stopTask(request -> request.cluster(CLUSTER).task(changed.taskArn()));
            ecs.simulator().tick();
            Set<String> before = ecs.taskArns(CLUSTER);

            ReconcileReport report = ecs.reconcile(CLUSTER);

            assertEquals(
                    "STOPPED", ecs.view().task(changed.taskArn()).orElseThrow().desiredStatus());
            assertEquals(ecs.trueTaskArns(CLUSTER), ecs.taskArns(CLUSTER));
            assertEquals(
                    ecs.taskArns(CLUSTER).size() - before.size(), report.drift().missed());
            assertTrue(report.drift().stale() >= 1, report.toString());
            assertEquals(report.drift(), ecs.mirror().status().drift(), "the load itself is no drift");
            assertEquals(Map.of(report.clusterArn(), report), reportsOf(ecs, CLUSTER));
        }
    }

    @Test
    @Promise(2)
    void bringsHealthWhichNoEventTells() throws Exception {
        try (MirroredEcs ecs = MirroredEcs.of(small()).ready()) {
            String arn = ecs.anyTask(CLUSTER).taskArn();
            long version = ecs.view().task(arn).orElseThrow().version();
            ecs.simulator().reportHealth(arn, HealthStatus.UNHEALTHY);

            ReconcileReport report = ecs.reconcile(CLUSTER);

            assertEquals(1, report.enriched());
            assertEquals(
                    HealthStatus.UNHEALTHY, ecs.view().task(arn).orElseThrow().healthStatus());
            assertEquals(version, ecs.view().task(arn).orElseThrow().version());
        }
    }

    @Test
    void findsNothingWhereNothingIsWrongAndWritesNothing() throws Exception {
        try (MirroredEcs ecs = MirroredEcs.of(small()).ready()) {
            long revision = ecs.snapshot().revision();

            List<ReconcileReport> reports = ecs.reconcileAll();

            assertEquals(2, reports.size());
            assertTrue(reports.stream().allMatch(report -> report.drift().equals(Drift.NONE)), reports.toString());
            assertEquals(revision, ecs.snapshot().revision());
        }
    }

    @Test
    void picksUpAClusterThatIsNewWhenItHearsOfIt() throws Exception {
        try (MirroredEcs ecs = MirroredEcs.of(small()).ready()) {
            String arn = newClusterWithATask(ecs, "young");
            ecs.time().advance(ReconcileQueue.LEAST_GAP);
            ecs.simulator().tick();

            await(() -> ecs.view().cluster(arn).isPresent());
            await(() -> ecs.view().freshness().upTo("young").isPresent());
            assertEquals(1, ecs.taskArns("young").size());
        }
    }

    @Test
    void oneClustersFailureStopsNoOther() throws Exception {
        try (MirroredEcs ecs = MirroredEcs.of(small()).ready()) {
            ecs.simulator().faults().failAbout(ecs.anyTask(CLUSTER).taskArn(), "AccessDeniedException");
            String vanished = ecs.anyTask("sim-2").taskArn();
            ecs.simulator().vanishTask(vanished);
            ecs.time().advance(MirroredEcs.A_WHILE);

            List<ReconcileReport> reports = ecs.reconcileAll();

            assertEquals(
                    List.of(false, true),
                    reports.stream()
                            .sorted((one, other) -> one.clusterArn().compareTo(other.clusterArn()))
                            .map(ReconcileReport::isComplete)
                            .toList());
            assertTrue(ecs.view().task(vanished).isEmpty());
            List<String> problems = ecs.mirror().status().problems().stream()
                    .filter(problem -> problem.contains("reconciled"))
                    .toList();
            assertEquals(1, problems.size(), problems::toString);
            assertTrue(problems.get(0).contains("AccessDeniedException"), problems::toString);
        }
    }

    @Test
    void clustersAreChosenByPattern() throws Exception {
        try (MirroredEcs ecs = MirroredEcs.of(
                        small(), builder -> builder.clusters(Clusters.matching(Pattern.compile("sim-.*"))))
                .ready()) {
            assertEquals(List.of("sim-2"), names(ecs));
            assertTrue(ecs.taskArns(CLUSTER).isEmpty());
        }
    }

    @Test
    void clustersAreChosenByArn() throws Exception {
        String arn = "arn:aws:ecs:us-east-1:123456789012:cluster/sim-2";
        try (MirroredEcs ecs = MirroredEcs.of(small(), builder -> builder.clusters(Clusters.named(arn)))
                .ready()) {
            assertEquals(List.of("sim-2"), names(ecs));
            assertEquals(arn, ecs.snapshot().clusters().first().orElseThrow().clusterArn());
        }
    }

    @Test
    void kindsThatAreNotFollowedCostNoCallAndAreNotInTheView() throws Exception {
        try (MirroredEcs ecs = MirroredEcs.of(small(), builder -> builder.kinds(EntityKind.TASK))
                .ready()) {
            assertFalse(ecs.taskArns(CLUSTER).isEmpty());
            assertEquals(
                    0,
                    ecs.snapshot().instances().count()
                            + ecs.snapshot().services().count());
            assertEquals(
                    Set.of("ListClusters", "DescribeClusters", "ListTasks", "DescribeTasks"),
                    ecs.mirror().status().api().calls().keySet());
        }
    }

    @Test
    void everyReportReachesTheListenerAndOneThatThrowsDoesNoHarm() throws Exception {
        List<ReconcileReport> heard = new CopyOnWriteArrayList<>();
        try (MirroredEcs ecs = MirroredEcs.of(
                        small(),
                        builder -> builder.onReconcile(report -> {
                            heard.add(report);
                            throw new AssertionError("a listener that fails");
                        }))
                .ready()) {
            assertEquals(2, heard.size());
            assertTrue(heard.stream().allMatch(ReconcileReport::isFirst));

            ReconcileReport report = ecs.reconcile(CLUSTER);

            assertEquals(List.of(report), heard.subList(2, heard.size()));
            assertEquals(List.of(), ecs.mirror().status().problems());
        }
    }

    @Test
    void aClusterThatIsNotFollowedCannotBeReconciled() throws Exception {
        try (MirroredEcs ecs = MirroredEcs.of(small()).ready()) {
            IllegalArgumentException refused = assertThrows(
                    IllegalArgumentException.class, () -> ecs.mirror().reconcileNow("nowhere"));
            assertEquals(
                    "clusterNameOrArn: nowhere (expected: a cluster that the mirror follows)", refused.getMessage());
        }
    }

    @Test
    void whoWaitsForAReconcileIsToldWhenTheListFails() throws Exception {
        try (MirroredEcs ecs = MirroredEcs.of(small()).ready()) {
            ecs.simulator().faults().failNext("ListClusters", 1, "AccessDeniedException");

            Exception failed = assertThrows(Exception.class, ecs::reconcileAll);

            assertTrue(failed.getMessage().contains("AccessDeniedException"), failed.toString());
            assertTrue(ecs.mirror().status().failure().orElseThrow().contains("AccessDeniedException"));
        }
    }

    @Test
    @Promise(11)
    void whoWaitsForAReconcileIsToldWhenTheMirrorCloses() throws Exception {
        try (MirroredEcs ecs = MirroredEcs.of(small()).ready()) {
            ecs.simulator().faults().delayResponses(Duration.ofSeconds(3));
            CompletableFuture<ReconcileReport> waiting = ecs.mirror().reconcileNow(CLUSTER);

            ecs.mirror().close();

            assertThrows(CancellationException.class, () -> waiting.get(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void hintsAboutOneClusterBecomeOneCall() throws Exception {
        try (MirroredEcs ecs = MirroredEcs.of(small()).ready()) {
            long before = ecs.mirror().status().api().calls().get("DescribeTasks");
            List<Task> tasks = ecs.simulator().truth().tasks().stream()
                    .filter(task -> task.clusterArn().endsWith("/default"))
                    .limit(30)
                    .toList();
            for (Task task : tasks) {
                ecs.world()
                        .send(
                                """
                                {"source":"aws.ecs","detail-type":"ECS Task State Change","detail":{"clusterArn":"%s","taskArn":"%s"}}
                                """
                                        .formatted(task.clusterArn(), task.taskArn()));
            }
            await(() -> {
                ecs.time().advance(DescribeQueue.HINT_WAITS);
                return ecs.mirror().status().deliveries().get(DeliveryOutcome.DESCRIBED) == tasks.size();
            });
            long calls = ecs.mirror().status().api().calls().get("DescribeTasks") - before;
            assertTrue(calls < tasks.size() / 2, () -> tasks.size() + " hints, " + calls + " calls");
            await(() -> ecs.world().messagesLeft() == 0);
        }
    }

    @Test
    void whatAnEventBringsIsEnrichedByTheApi() throws Exception {
        try (MirroredEcs ecs = MirroredEcs.of(small()).ready()) {
            Task started = ecs.world()
                    .ecs()
                    .runTask(request -> request.cluster(CLUSTER)
                            .taskDefinition("batch")
                            .launchType("FARGATE")
                            .networkConfiguration(
                                    network -> network.awsvpcConfiguration(vpc -> vpc.subnets("subnet-1")))
                            .tags(Tag.builder().key("owner").value("tests").build()))
                    .tasks()
                    .get(0);
            ecs.simulator().tick();
            await(() -> ecs.view().task(started.taskArn()).isPresent());

            await(() -> {
                ecs.time().advance(DescribeQueue.ENRICHMENT_WAITS);
                return ecs.view().task(started.taskArn()).orElseThrow().hasTags();
            });
            assertEquals(
                    "tests",
                    ecs.view()
                            .task(started.taskArn())
                            .orElseThrow()
                            .tags()
                            .get(0)
                            .value());
        }
    }

    @Test
    void aStandbyIsComparedEveryMinuteAndAgainWhenItTakesTheQueue() throws Exception {
        ClaimableSource source = mock();
        AtomicInteger renewals = new AtomicInteger();
        AtomicBoolean isHeld = new AtomicBoolean(true);
        AtomicReference<Optional<String>> own = new AtomicReference<>(Optional.empty());
        when(source.readClaim())
                .thenAnswer(call -> isHeld.get() ? Optional.of("another " + renewals.incrementAndGet()) : own.get());
        doAnswer(call -> {
                    own.set(Optional.of(call.getArgument(0)));
                    return null;
                })
                .when(source)
                .writeClaim(any());
        try (MirroredEcs ecs = MirroredEcs.of(small(), builder -> builder.events(source))) {
            ecs.mirror().start();
            await(() ->
                    ecs.mirror().status().role() == Role.STANDBY && ecs.view().isReady());
            for (int i = 1; i <= 3; i++) {
                int seen = ecs.reports().size();
                AtomicInteger turns = new AtomicInteger();
                await(() -> {
                    if (turns.getAndIncrement() % 8_000 == 0) { // anew if a pass ended after the clock was turned
                        ecs.time().advance(Duration.ofSeconds(66)); // a minute and its jitter
                    }
                    return ecs.reports().size() >= seen + 2; // of both clusters
                }); // within 30 s, so that the clock is turned by four minutes at most
            }
            ecs.time().advance(ReconcileQueue.LEAST_GAP);
            int seen = ecs.reports().size();

            isHeld.set(false);
            await(() -> own.get().isPresent());
            AtomicInteger turns = new AtomicInteger();
            await(() -> {
                if (turns.getAndIncrement() % 8_000 == 0) { // anew if the claim settles from a later moment on
                    ecs.time().advance(SourceClaim.SETTLING);
                }
                return ecs.mirror().status().role() == Role.SOLE
                        && ecs.reports().size() >= seen + 2;
            });
        }
    }

    private static SimulatorBuilder small() {
        return Simulator.builder().seed(5).clusters(2).tasks(120);
    }

    private static String newClusterWithATask(MirroredEcs ecs, String name) {
        String arn = ecs.world()
                .ecs()
                .createCluster(request -> request.clusterName(name))
                .cluster()
                .clusterArn();
        ecs.world().ecs().runTask(request -> request.cluster(arn)
                .taskDefinition("batch")
                .launchType("FARGATE")
                .networkConfiguration(network -> network.awsvpcConfiguration(vpc -> vpc.subnets("subnet-1"))));
        return arn;
    }

    private static List<String> names(MirroredEcs ecs) {
        return ecs.snapshot().clusters().stream().map(Cluster::clusterName).toList();
    }

    private static Map<String, ReconcileReport> reportsOf(MirroredEcs ecs, String cluster) {
        return ecs.mirror().status().reconciles().entrySet().stream()
                .filter(each -> EcsArn.isNamed(each.getKey(), cluster))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
