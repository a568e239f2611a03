package io.clusterstate.mirror;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ChangeBatch;
import io.clusterstate.ChangeCause;
import io.clusterstate.ChangeListener;
import io.clusterstate.EntityKind;
import io.clusterstate.ServiceNotice;
import io.clusterstate.Snapshot;
import io.clusterstate.ecs.EcsArn;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.testing.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/** The whole way of a change, from a real queue and the simulated ECS to listeners and waits. */
class MirroredChangesTest {

    private static final String CLUSTER = "default";

    private final MirroredEcs ecs =
            MirroredEcs.of(Simulator.builder().seed(5).clusters(2).tasks(120));
    private final Map<String, ChangeCause> causes = new ConcurrentHashMap<>();

    @AfterEach
    void close() {
        ecs.close();
    }

    @Test
    @Promise(5)
    void whoSubscribesBeforeTheLoadIsToldAllOfItAtOnce() throws Exception {
        CompletableFuture<ChangeBatch> initial = new CompletableFuture<>();
        ecs.view()
                .subscribe(ChangeListener.builder().onInitial(initial::complete).build());
        ecs.mirror().start();

        ChangeBatch batch = initial.get(30, TimeUnit.SECONDS);

        assertEquals(120, batch.snapshot().tasks().status("RUNNING").count());
        assertEquals(batch.snapshot().tasks().count(), batch.of(EntityKind.TASK).size());
    }

    @Test
    void theCauseTellsWhetherAnEventOrAComparisonBroughtAChange() throws Exception {
        ecs.ready();
        subscribeToCauses();
        String stopped = ecs.anyTask(CLUSTER).taskArn();
        ecs.world().ecs().stopTask(request -> request.cluster(CLUSTER).task(stopped));
        ecs.simulator().tick();
        await(() -> causes.get(stopped) == ChangeCause.EVENT);

        ecs.simulator().faults().sqsOutage(true);
        String missed = ecs.anyTask(CLUSTER).taskArn();
        String vanished = runningBut(missed);
        ecs.world().ecs().stopTask(request -> request.cluster(CLUSTER).task(missed));
        ecs.simulator().vanishTask(vanished);
        ecs.reconcileAfterAWhile(CLUSTER);

        await(() -> causes.get(missed) == ChangeCause.RECONCILE);
        await(() -> causes.get(vanished) == ChangeCause.MISSING);
    }

    @Test
    void whoWaitsForATaskGetsTheSnapshotThatHasIt() throws Exception {
        ecs.ready();
        String arn = ecs.anyTask(CLUSTER).taskArn();
        CompletableFuture<Snapshot> waiting = CompletableFuture.supplyAsync(() -> until(arn, "STOPPED"));
        ecs.world().ecs().stopTask(request -> request.cluster(CLUSTER).task(arn));
        ecs.simulator().tick();

        Snapshot got = waiting.get(30, TimeUnit.SECONDS);

        assertEquals("STOPPED", got.task(arn).orElseThrow().desiredStatus());
        Snapshot later = ecs.view().awaitRevision(got.revision(), Duration.ofSeconds(1));
        assertTrue(later.revision() >= got.revision());
        assertEquals("STOPPED", later.task(arn).orElseThrow().desiredStatus());
    }

    @Test
    @Promise(6)
    void whoWaitsForFreshnessGetsItWhenEcsHasConfirmed() throws Exception {
        ecs.ready();
        Instant now = ecs.time().instant();
        CountDownLatch got = new CountDownLatch(1);
        Thread waiter = new Thread(() -> {
            try {
                ecs.view().awaitFresh(now, MirroredEcs.LIMIT);
                got.countDown();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        waiter.start();
        ecs.reconcileAll();
        assertFalse(got.await(50, TimeUnit.MILLISECONDS), "ECS may be behind itself by the allowance");

        ecs.time().advance(MirroredEcs.A_WHILE);
        ecs.reconcileAll();

        assertTrue(got.await(30, TimeUnit.SECONDS));
        waiter.join();
    }

    @Test
    void whatHappenedToAServiceIsToldInEcsWords() throws Exception {
        ecs.ready();
        CompletableFuture<ServiceNotice> told = new CompletableFuture<>();
        ecs.view()
                .subscribe(
                        ChangeListener.builder().onServiceNotice(told::complete).build());
        Service service = ecs.snapshot().services().in(CLUSTER).first().orElseThrow();
        ecs.world()
                .send(
                        """
                        {"source":"aws.ecs","detail-type":"ECS Service Action","resources":["%s"],"detail":{"clusterArn":"%s",
                         "eventType":"ERROR","eventName":"SERVICE_TASK_PLACEMENT_FAILURE","reason":"RESOURCE:FARGATE"}}
                        """
                                .formatted(service.serviceArn(), service.clusterArn()));

        ServiceNotice notice = told.get(30, TimeUnit.SECONDS);

        assertEquals(service.serviceArn(), notice.serviceArn());
        assertEquals(service.clusterArn(), notice.clusterArn());
        assertEquals("SERVICE_TASK_PLACEMENT_FAILURE", notice.eventName());
        assertEquals(Optional.of("ERROR"), notice.eventType());
        assertEquals(Optional.of("RESOURCE:FARGATE"), notice.reason());
    }

    @Test
    void howFarBehindASubscriberIsShowsInTheStatus() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        ecs.ready();
        ecs.view()
                .subscribe(ChangeListener.builder()
                        .named("stuck")
                        .onBatch(batch -> goOn.await())
                        .build());
        await(() -> ecs.mirror().status().subscriptions().get(0).batches() == 1);
        ecs.simulator().step();
        await(() -> ecs.mirror().status().subscriptions().get(0).behind() > 0);
        goOn.countDown();
        await(() -> ecs.mirror().status().subscriptions().get(0).behind() == 0);
    }

    private void subscribeToCauses() {
        ecs.view()
                .subscribe(ChangeListener.builder()
                        .liveOnly()
                        .tasks(tasks -> tasks.onEach((change, batch) -> causes.put(change.arn(), change.cause())))
                        .build());
        await(() -> ecs.mirror().status().subscriptions().size() == 1);
    }

    private Snapshot until(String arn, String desired) {
        try {
            return ecs.view()
                    .awaitUntil(
                            now -> now.task(arn)
                                    .map(Task::desiredStatus)
                                    .filter(desired::equals)
                                    .isPresent(),
                            MirroredEcs.LIMIT);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private String runningBut(String arn) {
        return ecs.simulator().truth().tasks().stream()
                .filter(task -> EcsArn.isNamed(task.clusterArn(), CLUSTER))
                .filter(task ->
                        "RUNNING".equals(task.lastStatus()) && !task.taskArn().equals(arn))
                .findFirst()
                .orElseThrow()
                .taskArn();
    }
}
