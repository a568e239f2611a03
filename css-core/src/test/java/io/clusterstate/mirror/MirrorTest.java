package io.clusterstate.mirror;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ClusterStateView;
import io.clusterstate.EntityKind;
import io.clusterstate.NotReadyException;
import io.clusterstate.Origin;
import io.clusterstate.ReadPolicy;
import io.clusterstate.Snapshot;
import io.clusterstate.StaleViewException;
import io.clusterstate.mirror.MirrorStatus.Phase;
import io.clusterstate.mirror.MirrorStatus.Role;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.sqs.SqsEventSource;
import io.clusterstate.testing.Promise;
import io.clusterstate.testing.RecordingThreadFactory;
import io.clusterstate.testing.SimulatorFixture;
import io.clusterstate.testing.TestCoordination;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import software.amazon.awssdk.services.ecs.model.Task;

/** A mirror against the simulated ECS and a real queue server, over HTTP. */
@Execution(ExecutionMode.CONCURRENT)
class MirrorTest {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration AT_ONCE = Duration.ofMillis(1);

    private final RecordingThreadFactory threads = new RecordingThreadFactory();
    private final SimulatorFixture world = new SimulatorFixture(
            Simulator.builder().seed(7).clusters(2).tasks(120).timePerStatus(Duration.ZERO));
    private final ReferenceStore store = new ReferenceStore();
    private final ClusterMirror mirror = mirror().store(store).build();
    private final ClusterStateView view = mirror.view();

    @AfterEach
    void end() {
        mirror.close();
        world.close();
    }

    @Test
    void showsWhatEcsListsWhenReady() throws Exception {
        mirror.start();
        view.awaitReady(LIMIT);

        assertEquals(Set.copyOf(world.taskArns()), arns(view.snapshot()));
        assertEquals(Phase.READY, mirror.status().phase());
        assertEquals(2, view.freshness().clusters().size());
        assertTrue(view.freshness().freshUpTo().isPresent());
    }

    @Test
    void showsWhatEventsTell() throws Exception {
        mirror.start();
        view.awaitReady(LIMIT);
        String stopped = world.taskArns().get(0);
        Task before = view.task(stopped).orElseThrow();

        world.ecs().stopTask(request -> request.cluster(before.clusterArn()).task(stopped));
        world.simulator().tick();

        await(() -> view.task(stopped).orElseThrow().version() > before.version());
        await(() -> world.messagesLeft() == 0);
        assertEquals("STOPPED", view.task(stopped).orElseThrow().desiredStatus());
        assertEquals(
                Origin.EVENT,
                view.snapshot().observed(EntityKind.TASK, stopped).orElseThrow().origin());
        assertTrue(view.freshness().eventLag().isPresent());
    }

    @Test
    @Promise(5)
    void isNeverReadyWhileEcsCannotBeReachedAndThenGoesOnByItself() throws Exception {
        assertThrows(NotReadyException.class, view::snapshot);
        world.simulator().faults().ecsOutage(true);
        mirror.start();

        TimeoutException late = assertThrows(TimeoutException.class, () -> view.awaitReady(Duration.ofSeconds(1)));
        assertTrue(late.getMessage().contains("LOADING"), late.getMessage());
        NotReadyException early = assertThrows(NotReadyException.class, () -> view.task("any"));
        assertEquals("the mirror is LOADING (expected: READY)", early.getMessage());
        await(() -> mirror.status().failure().isPresent());

        world.simulator().faults().ecsOutage(false);
        view.awaitReady(LIMIT);
        assertFalse(view.snapshot().tasks().list().isEmpty());
        assertTrue(mirror.status().failure().isEmpty());
    }

    @Test
    void goesOnAfterAnOutageOfTheQueue() throws Exception {
        world.simulator().faults().sqsOutage(true);
        mirror.start();
        view.awaitReady(LIMIT);
        world.simulator().faults().sqsOutage(false);
        String stopped = world.taskArns().get(1);
        Task before = view.task(stopped).orElseThrow();

        world.ecs().stopTask(request -> request.cluster(before.clusterArn()).task(stopped));
        world.simulator().tick();

        await(() -> view.task(stopped).orElseThrow().version() > before.version());
    }

    @Test
    void aFailedPageMakesTheLoadIncompleteAndIsLoadedAgain() throws Exception {
        world.simulator().faults().failNext("DescribeTasks", 1);
        mirror.start();
        view.awaitReady(LIMIT);

        assertEquals(Set.copyOf(world.taskArns()), arns(view.snapshot()));
    }

    @Test
    void anEmptyListOfClustersIsNotBelievedAtOnce() throws Exception {
        try (SimulatorFixture other =
                        new SimulatorFixture(Simulator.builder().clusters(1).tasks(0));
                ClusterMirror filtered = ClusterMirror.builder()
                        .ecs(other.ecs())
                        .events(other.source())
                        .store(new ReferenceStore())
                        .clusters(Clusters.matching(arn -> false))
                        .consistencyAllowance(Duration.ofSeconds(1))
                        .build()) {
            filtered.start();
            filtered.view().awaitReady(LIMIT);

            assertTrue(filtered.view().snapshot().clusters().list().isEmpty());
        }
    }

    @Test
    void followsOnlyTheClustersThatWereNamed() throws Exception {
        List<String> clusters = world.simulator().truth().clusters().stream()
                .map(cluster -> cluster.clusterArn())
                .sorted()
                .toList();
        try (ClusterMirror one = ClusterMirror.builder()
                .ecs(world.ecs())
                .events(world.source())
                .store(new ReferenceStore())
                .clusters(Clusters.named(clusters.get(0)))
                .build()) {
            one.start();
            one.view().awaitReady(LIMIT);
            Task other = world.simulator().truth().tasks().stream()
                    .filter(task -> task.clusterArn().equals(clusters.get(1)))
                    .findFirst()
                    .orElseThrow();

            world.ecs().stopTask(request -> request.cluster(other.clusterArn()).task(other.taskArn()));
            world.simulator().tick();

            await(() -> one.status().deliveries().getOrDefault(DeliveryOutcome.IRRELEVANT, 0L) > 0);
            await(() -> world.messagesLeft() == 0);
            assertEquals(1, one.view().snapshot().clusters().count());
            assertTrue(one.view().task(other.taskArn()).isEmpty());
        }
    }

    @Test
    void isNotReadyBeforeANamedClusterExists() throws Exception {
        try (ClusterMirror early = ClusterMirror.builder()
                .ecs(world.ecs())
                .events(world.source())
                .store(new ReferenceStore())
                .clusters(Clusters.named("later"))
                .build()) {
            early.start();
            await(() -> early.status().failure().isPresent());
            assertEquals(
                    "cluster: later (expected: a cluster that exists)",
                    early.status().failure().orElseThrow());

            world.ecs().createCluster(request -> request.clusterName("later"));
            early.view().awaitReady(LIMIT);
            assertEquals(1, early.view().snapshot().clusters().count());
        }
    }

    @Test
    @Promise(4)
    void whatTheStoreDidNotTakeIsNotSettledAndComesAgain() throws Exception {
        mirror.start();
        view.awaitReady(LIMIT);
        String arn = world.taskArns().get(0);
        Task before = view.task(arn).orElseThrow();
        store.failNext(1);

        world.ecs().stopTask(request -> request.cluster(before.clusterArn()).task(arn));
        world.simulator().tick();
        await(() -> store.failuresLeft() == 0);
        assertTrue(world.messagesLeft() > 0);

        await(() -> view.task(arn).orElseThrow().version() > before.version());
        await(() -> world.messagesLeft() == 0);
    }

    @Test
    void anUnreadableBodyIsLeftInTheQueueAndBlocksNothing() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        try (ClusterMirror careful = mirror().store(new ReferenceStore())
                .onPoison((delivery, reason) -> {
                    told.add(reason);
                    throw new IllegalStateException("a handler that fails");
                })
                .build()) {
            world.send("{\"half\":");
            careful.start();
            careful.view().awaitReady(LIMIT);
            String arn = world.taskArns().get(0);
            Task before = careful.view().task(arn).orElseThrow();
            world.ecs().stopTask(request -> request.cluster(before.clusterArn()).task(arn));
            world.simulator().tick();

            await(() -> careful.view().task(arn).orElseThrow().version() > before.version());
            await(() -> !told.isEmpty());
            await(() -> world.messagesLeft() == 1);
        }
    }

    @Test
    void anEventWithoutAVersionLeadsToAQuestion() throws Exception {
        mirror.start();
        view.awaitReady(LIMIT);
        Task task = world.simulator().truth().tasks().get(0);
        world.simulator().faults().failNext("DescribeTasks", 1);

        world.send(
                """
                {"source":"aws.ecs","detail-type":"ECS Task State Change","detail":{"clusterArn":"%s","taskArn":"%s"}}
                """
                        .formatted(task.clusterArn(), task.taskArn()));

        await(() -> mirror.status().deliveries().getOrDefault(DeliveryOutcome.DESCRIBED, 0L) == 1);
        await(() -> world.messagesLeft() == 0);
    }

    @Test
    void aHintAtAClusterThatDoesNotExistIsSettled() throws Exception {
        mirror.start();
        view.awaitReady(LIMIT);

        world.send(
                """
                {"source":"aws.ecs","detail-type":"ECS Task State Change",
                 "detail":{"taskArn":"arn:aws:ecs:us-east-1:123456789012:task/nowhere/0123"}}
                """);

        await(() -> mirror.status().deliveries().getOrDefault(DeliveryOutcome.DESCRIBED, 0L) == 1);
        await(() -> world.messagesLeft() == 0);
    }

    @Test
    void aServicesNoticeLeadsToAQuestion() throws Exception {
        mirror.start();
        view.awaitReady(LIMIT);
        var service = world.simulator().truth().services().get(0);
        int wanted = service.desiredCount() + 1;

        world.ecs().updateService(request -> request.cluster(service.clusterArn())
                .service(service.serviceName())
                .desiredCount(wanted));
        world.send(
                """
                {"source":"aws.ecs","detail-type":"ECS Service Action","resources":["%s"],
                 "detail":{"clusterArn":"%s","eventName":"SERVICE_DESIRED_COUNT_UPDATED","eventType":"INFO"}}
                """
                        .formatted(service.serviceArn(), service.clusterArn()));

        await(() -> view.service(service.serviceArn()).orElseThrow().desiredCount() == wanted);
    }

    @Test
    void aSecondMirrorWithAStoreOfItsOwnIsReadyInStandbyAndTakesTheQueueWhenItIsReleased() throws Exception {
        world.comeAgainWithin(60);
        mirror.start();
        await(() -> polls(mirror));
        try (ClusterMirror second = mirror().store(new ReferenceStore()).build()) {
            second.start();
            second.view().awaitReady(LIMIT);
            await(() -> second.status().role() == Role.STANDBY);

            String problem = second.status().problems().get(0);
            assertTrue(problem.startsWith("standby: queue css_queue is held by the mirror css-"), problem);
            ReadPolicy live = ReadPolicy.any().live();
            String refusal = assertThrows(
                            StaleViewException.class, () -> second.view().read(live))
                    .getMessage();
            assertTrue(refusal.endsWith("while another mirror holds the queue (expected: LIVE)"), refusal);
            assertEquals(Role.SOLE, mirror.status().role());
            assertTrue(second.status().deliveries().values().stream().allMatch(count -> count == 0));
            assertFalse(polls(second));
            mirror.close();

            await(() -> polls(second) && second.status().role() == Role.SOLE);
            assertEquals(List.of(), second.status().problems());
            assertTrue(second.view().read(live).isMet());
            await(() -> second.status().reconciles().values().stream().noneMatch(ReconcileReport::isFirst));
            Task running =
                    second.view().snapshot().tasks().status("RUNNING").list().get(0);
            world.ecs()
                    .stopTask(request -> request.cluster(running.clusterArn()).task(running.taskArn()));
            await(() -> second.status().deliveries().get(DeliveryOutcome.APPLIED) > 0);
        }
    }

    @Test
    void aMirrorThatCannotReachItsQueueIsReadyAndSaysWhatFails() throws Exception {
        SqsEventSource unreachable =
                SqsEventSource.of(SimulatorFixture.sqs(URI.create("http://127.0.0.1:1")), "css_queue");
        try (ClusterMirror deaf =
                mirror().events(unreachable).store(new ReferenceStore()).build()) {
            deaf.start();

            deaf.view().awaitReady(LIMIT);
            await(() -> deaf.status().problems().stream()
                    .anyMatch(problem -> problem.startsWith("loop claim failed") && problem.contains("127.0.0.1:1")));
            assertFalse(polls(deaf));
        }
    }

    @Test
    void twoMirrorsOfOneBuilderAreTwo() throws Exception {
        ClusterMirrorBuilder builder = mirror().store(new ReferenceStore());
        try (ClusterMirror one = builder.build();
                ClusterMirror other = builder.store(new ReferenceStore()).build()) {
            one.start();
            await(() -> polls(one));
            other.start();
            await(() -> other.status().role() == Role.STANDBY);
        }
    }

    private static boolean polls(ClusterMirror mirror) {
        return mirror.status().loops().stream().anyMatch(loop -> loop.name().startsWith("poll"));
    }

    @Test
    void mirrorsOnASharedStoreShareTheQueue() throws Exception {
        ReferenceStore shared = new ReferenceStore().shared(new TestCoordination());
        try (ClusterMirror first = mirror().store(shared).build();
                ClusterMirror second = mirror().store(shared).build()) {
            first.start();
            second.start();
            first.view().awaitReady(LIMIT);
            second.view().awaitReady(LIMIT);
            assertEquals(Phase.READY, first.status().phase());
            assertEquals(Phase.READY, second.status().phase());
        }
    }

    @Test
    @Promise(11)
    void closeLeavesNoThreadInAnyPhase() throws Exception {
        try (ClusterMirror latent = mirror().store(new ReferenceStore()).build()) {
            assertEquals(Phase.LATENT, latent.status().phase());
        }
        try (ClusterMirror loading = mirror().store(new ReferenceStore()).build()) {
            loading.start();
        }
        mirror.start();
        view.awaitReady(LIMIT);
        mirror.close();
        mirror.close();

        assertEquals(List.of(), threads.living());
        assertEquals(Phase.CLOSED, mirror.status().phase());
        assertThrows(NotReadyException.class, view::snapshot);
        assertThrows(NotReadyException.class, () -> view.awaitReady(AT_ONCE));
        assertThrows(IllegalStateException.class, mirror::start);
    }

    private ClusterMirrorBuilder mirror() {
        return ClusterMirror.builder()
                .threads(threads)
                .ecs(world.ecs())
                .events(world.source())
                .reconcileEvery(Duration.ofHours(1))
                .closeWithin(Duration.ofSeconds(20));
    }

    private static Set<String> arns(Snapshot snapshot) {
        return snapshot.tasks().stream().map(Task::taskArn).collect(Collectors.toSet());
    }
}
