package io.clusterstate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.Origin;
import io.clusterstate.mirror.MirroredEcs;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.Upsert;
import io.clusterstate.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceStatus;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/** Reads after writes through the same client. The events of the simulated ECS wait until a test lets them go. */
class OwnWritesTest {

    private final MirroredEcs mirrored =
            MirroredEcs.of(Simulator.builder().seed(19).clusters(1).tasks(60));
    private final ViewEcsClient ecs = ViewEcsClient.over(
                    mirrored.view(), mirrored.world().ecs())
            .clock(mirrored.time())
            .build();

    @BeforeEach
    void begin() throws Exception {
        mirrored.ready();
        mirrored.time().advance(Duration.ofSeconds(10));
        mirrored.world().simulator().faults().sqsOutage(true);
    }

    @AfterEach
    void end() {
        mirrored.close();
    }

    private void letEventsGo() {
        mirrored.world().simulator().faults().sqsOutage(false);
    }

    @Test
    void aStopIsReadFromEcsUntilTheViewHasIt() {
        Task task = mirrored.anyTask("default");
        Task other = mirrored.snapshot().tasks().live().list().stream()
                .filter(each -> !each.equals(task))
                .findFirst()
                .orElseThrow();
        ecs.stopTask(request -> request.task(task.taskArn()));

        assertEquals(
                "RUNNING", mirrored.view().task(task.taskArn()).orElseThrow().desiredStatus());
        assertEquals("STOPPED", described(task).desiredStatus());
        assertEquals(1, ecs.counts().delegated(DelegationReason.OWN_WRITE));
        assertTrue(!ecs.listTasks().taskArns().contains(task.taskArn()));
        assertEquals(2, ecs.counts().delegated(DelegationReason.OWN_WRITE));
        described(other);
        assertEquals(Map.of("DescribeTasks", 1L), ecs.counts().local());

        letEventsGo();
        Await.await(() -> "STOPPED"
                .equals(mirrored.view().task(task.taskArn()).orElseThrow().desiredStatus()));
        described(task);
        ecs.listTasks();
        assertEquals(2, ecs.counts().delegated(DelegationReason.OWN_WRITE));
    }

    private Task described(Task task) {
        return ecs.describeTasks(request -> request.tasks(task.taskArn()))
                .tasks()
                .get(0);
    }

    @Test
    void aStartWithoutAnAnswerSendsListsToEcsUntilTheClusterIsConfirmed() throws Exception {
        mirrored.simulator().faults().loseAnswers("RunTask", 1);
        assertThrows(
                SdkClientException.class,
                () -> ecs.runTask(request -> request.taskDefinition("batch").startedBy("me/1")));

        assertEquals(
                1,
                ecs.listTasks(request -> request.startedBy("me/1")).taskArns().size());

        assertEquals(1, ecs.counts().delegated(DelegationReason.OWN_WRITE));
        letEventsGo();
        mirrored.reconcileAfterAWhile("default");
        assertEquals(
                1,
                ecs.listTasks(request -> request.startedBy("me/1")).taskArns().size());
        assertEquals(1, ecs.counts().totalLocal());
    }

    @Test
    void aRefusedWriteChangesNothing() {
        assertThrows(EcsException.class, () -> ecs.stopTask(request -> request.task("no-such")));

        ecs.listTasks();

        assertEquals(0, ecs.counts().delegated(DelegationReason.OWN_WRITE));
    }

    @Test
    void anUpdatedServiceIsReadFromEcsUntilItWasDescribed() throws Exception {
        Service service = mirrored.snapshot().services().list().get(0);
        ecs.updateService(request -> request.service(service.serviceName()).desiredCount(0));

        assertEquals(0, described(service).desiredCount());
        assertEquals(1, ecs.counts().delegated(DelegationReason.OWN_WRITE));
        ecs.listServices();
        assertEquals(2, ecs.counts().delegated(DelegationReason.OWN_WRITE));

        mirrored.time().advance(Duration.ofSeconds(1));
        mirrored.reconcile("default");
        assertEquals(0, described(service).desiredCount());
        assertEquals(2, ecs.counts().delegated(DelegationReason.OWN_WRITE));
    }

    @Test
    void aServiceWhoseTasksHaveMovedOnIsReadFromEcs() {
        Service service = mirrored.snapshot().services().list().stream()
                .filter(each -> each.runningCount() > 1)
                .findFirst()
                .orElseThrow();
        described(service);
        assertEquals(1, ecs.counts().totalLocal());
        Task task = mirrored.snapshot()
                .tasks()
                .ofService(service.serviceArn())
                .status("RUNNING")
                .list()
                .get(0);
        Task moved = task.toBuilder()
                .lastStatus("DEACTIVATING")
                .version(task.version() + 1)
                .build();
        mirrored.store()
                .apply(List.of(Upsert.of(
                        EntityKind.TASK,
                        task.clusterArn(),
                        moved,
                        Origin.EVENT,
                        mirrored.time().instant())));

        described(service);

        assertEquals(1, ecs.counts().delegated(DelegationReason.STALE));
    }

    @Test
    void aTaskOfWhichOnlyEventsAreKnownIsReadFromEcs() {
        Task known = mirrored.anyTask("default");
        Task fresh = known.toBuilder()
                .taskArn(known.taskArn().replaceAll("/[0-9a-f]{8}", "/00000000"))
                .build();
        mirrored.store()
                .apply(List.of(Upsert.of(
                        EntityKind.TASK,
                        known.clusterArn(),
                        fresh,
                        Origin.EVENT,
                        mirrored.time().instant())));

        assertTrue(ecs.describeTasks(request -> request.tasks(fresh.taskArn())).hasFailures());

        assertEquals(1, ecs.counts().delegated(DelegationReason.UNKNOWN));
    }

    private Service described(Service service) {
        return ecs.describeServices(request -> request.services(service.serviceName()))
                .services()
                .get(0);
    }

    @Test
    void aDrainedInstanceIsReadFromEcsUntilTheViewHasIt() {
        ContainerInstance instance = mirrored.snapshot().instances().list().get(0);
        ecs.updateContainerInstancesState(request ->
                request.containerInstances(instance.containerInstanceArn()).status(ContainerInstanceStatus.DRAINING));

        assertEquals(
                1,
                ecs.listContainerInstances(request -> request.status(ContainerInstanceStatus.DRAINING))
                        .containerInstanceArns()
                        .size());
        assertEquals(1, ecs.counts().delegated(DelegationReason.OWN_WRITE));

        letEventsGo();
        Await.await(() -> mirrored.snapshot().instances().status("DRAINING").count() == 1);
        ecs.listContainerInstances(request -> request.status(ContainerInstanceStatus.DRAINING));
        assertEquals(1, ecs.counts().totalLocal());
    }

    @Test
    void expectationsShowOwnStartsAndStopsWithoutACall() {
        ViewEcsClient mine = ViewEcsClient.over(
                        mirrored.view(), mirrored.world().ecs())
                .expectations(mirrored.mirror().expectations())
                .build();
        Task started = mine.runTask(request -> request.taskDefinition("batch").startedBy("me/1"))
                .tasks()
                .get(0);
        Task stopped = mirrored.anyTask("default");
        mine.stopTask(request -> request.task(stopped.taskArn()));

        var listed = mine.listTasks().taskArns();
        assertTrue(listed.contains(started.taskArn()));
        assertTrue(!listed.contains(stopped.taskArn()));
        assertEquals(
                "PROVISIONING",
                mine.describeTasks(request -> request.tasks(started.taskArn()))
                        .tasks()
                        .get(0)
                        .lastStatus());
        assertEquals(2, mine.counts().totalLocal());
        assertEquals(
                Map.of(
                        "RunTask", Map.of(DelegationReason.OPERATION, 1L),
                        "StopTask", Map.of(DelegationReason.OPERATION, 1L)),
                mine.counts().delegated());
    }
}
