package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.AccessDeniedException;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.ServerException;

/** Faults that strike one thing or one page only. */
class TargetedFaultsTest {
    private static final String CLUSTER = "arn:aws:ecs:us-east-1:123456789012:cluster/default";

    private final TurnableClock clock = new TurnableClock();
    private final Simulator simulator = Simulator.builder()
            .seed(9)
            .clock(clock)
            .clusters(1)
            .tasks(250)
            .shortArnShare(0.5)
            .withoutSqs()
            .build();

    private final Clients clients = new Clients(simulator);
    private EcsClient ecs;

    @BeforeEach
    void start() {
        simulator.start();
        ecs = clients.ecs();
    }

    @AfterEach
    void close() {
        clients.close();
        simulator.close();
    }

    @Test
    void aLostCallHasNoEffectAndALostAnswerComesAfterIt() {
        simulator.faults().loseCalls("RunTask", 1);
        assertThrows(SdkClientException.class, () -> runOn("no-effect"));
        assertEquals(List.of(), startedBy("no-effect"));

        simulator.faults().loseAnswers("RunTask", 1);
        assertThrows(SdkClientException.class, () -> runOn("lost"));
        assertEquals(1, startedBy("lost").size());

        runOn("answered");
        assertEquals(1, startedBy("answered").size());
    }

    private void runOn(String startedBy) {
        ecs.runTask(
                it -> it.taskDefinition("batch").launchType(LaunchType.FARGATE).startedBy(startedBy));
    }

    private List<String> startedBy(String startedBy) {
        return ecs.listTasks(it -> it.startedBy(startedBy)).taskArns();
    }

    @Test
    void describingFailsForThePageThatNamesTheThingAndForNoOther() {
        var arns = ecs.listTasksPaginator(it -> {}).taskArns().stream().toList();
        var struck = arns.get(150);
        simulator.faults().failAbout(struck, "AccessDeniedException");

        assertEquals(100, describeTasks(arns.subList(0, 100)));
        for (int i = 0; i < 3; i++) {
            assertThrows(AccessDeniedException.class, () -> describeTasks(arns.subList(100, 200)));
        }
        assertThrows(
                AccessDeniedException.class,
                () -> describeTasks(List.of(struck.substring(struck.lastIndexOf('/') + 1))));
        assertEquals(50, describeTasks(arns.subList(200, 250)));
        simulator.faults().forgive(struck);
        assertEquals(100, describeTasks(arns.subList(100, 200)));
    }

    @Test
    void everyKindOfThingCanBeStruck() {
        var truth = simulator.truth();
        var host = truth.instances().get(0).containerInstanceArn();
        var service = truth.services().get(0).serviceArn();
        var absent = CLUSTER.replace("cluster/default", "task/default/abc");
        for (var arn : List.of(host, service, CLUSTER, absent)) {
            simulator.faults().failAbout(arn, "ServerException");
        }

        assertThrows(ServerException.class, () -> ecs.describeContainerInstances(it -> it.containerInstances(host)));
        assertThrows(ServerException.class, () -> ecs.describeServices(it -> it.services(service)));
        assertThrows(ServerException.class, () -> ecs.describeClusters());
        assertThrows(ServerException.class, () -> ecs.describeTasks(it -> it.tasks("abc")));
        assertEquals(100, ecs.listTasks().taskArns().size());
        simulator.faults().forgive(CLUSTER);
        assertEquals(1, ecs.describeClusters().clusters().size());
    }

    @Test
    void aRefusedThingIsAFailureWithItsReasonAndTheRestIsAnswered() {
        var arns = ecs.listTasks().taskArns();
        var struck = arns.get(7);
        simulator.faults().refuseAbout(struck, "ACCESS_DENIED");

        var answer = ecs.describeTasks(it -> it.tasks(arns));

        assertEquals(99, answer.tasks().size());
        assertEquals(
                List.of(Failure.builder().arn(struck).reason("ACCESS_DENIED").build()), answer.failures());
        simulator.faults().forgive(struck);
        assertEquals(100, describeTasks(arns));
    }

    @Test
    void whatIsGoneIsRefusedAsWellAndFailingComesFirst() {
        var service = simulator.truth().services().get(0).serviceArn();
        simulator.faults().refuseAbout(service, "UNKNOWN");
        simulator.vanishService(service);

        assertEquals("UNKNOWN", describeService(service).get(0).reason());
        simulator.faults().failAbout(service, "ServerException");
        assertThrows(ServerException.class, () -> describeService(service));
        simulator.faults().forgive(service);
        assertEquals("MISSING", describeService(service).get(0).reason());
    }

    @Test
    void failuresCanNameThingsByTheShortFormThoughAskedByTheLong() {
        simulator.faults().shortFailureArns(true);
        var home = CLUSTER.replace("cluster/default", "");

        assertEquals(
                List.of(home + "task/abc", home + "task/abd"),
                ecs.describeTasks(it -> it.tasks(home + "task/default/abc", "abd")).failures().stream()
                        .map(Failure::arn)
                        .toList());
        assertEquals(
                home + "container-instance/abc",
                ecs.describeContainerInstances(it -> it.containerInstances(home + "container-instance/default/abc"))
                        .failures()
                        .get(0)
                        .arn());
        assertEquals(
                home + "service/abc",
                describeService(home + "service/default/abc").get(0).arn());
        assertEquals(
                home + "cluster/abc",
                ecs.describeClusters(it -> it.clusters(home + "cluster/abc"))
                        .failures()
                        .get(0)
                        .arn());
        simulator.faults().shortFailureArns(false);
        assertEquals(
                home + "service/default/abc",
                describeService(home + "service/default/abc").get(0).arn());
    }

    @Test
    void whatIsRefusedIsNamedByTheShortFormToo() {
        var arn = simulator.truth().tasks().stream()
                .map(it -> it.taskArn())
                .filter(it -> it.contains("task/default/"))
                .findFirst()
                .orElseThrow();
        simulator.faults().shortFailureArns(true);
        simulator.faults().refuseAbout(arn, "ACCESS_DENIED");

        assertEquals(
                List.of(Failure.builder()
                        .arn(arn.replace("task/default/", "task/"))
                        .reason("ACCESS_DENIED")
                        .build()),
                ecs.describeTasks(it -> it.tasks(arn)).failures());
    }

    @Test
    void anOperationCanBeDeniedInOneClusterOnly() {
        ecs.createCluster(it -> it.clusterName("other"));
        simulator.faults().failIn(CLUSTER, "ListTasks", "AccessDeniedException");

        assertThrows(AccessDeniedException.class, () -> ecs.listTasks());
        assertThrows(AccessDeniedException.class, () -> ecs.listTasks(it -> it.cluster("default")));
        assertThrows(AccessDeniedException.class, () -> ecs.listTasks(it -> it.cluster(CLUSTER)));
        assertTrue(ecs.listTasks(it -> it.cluster("other")).taskArns().isEmpty());
        assertEquals(10, ecs.listServices().serviceArns().size());
        assertEquals(1, ecs.describeClusters().clusters().size());
        simulator.faults().forgive(CLUSTER);
        assertEquals(100, ecs.listTasks().taskArns().size());
    }

    @Test
    void severalOperationsCanBeDeniedInAClusterEachWithItsError() {
        simulator.faults().failIn(CLUSTER, "DescribeTasks", "AccessDeniedException");
        simulator.faults().failIn(CLUSTER, "ListServices", "ServerException");
        simulator.faults().failIn(CLUSTER.replace("default", "none"), "ListTasks", "AccessDeniedException");

        assertThrows(AccessDeniedException.class, () -> describeTasks(List.of("abc")));
        assertThrows(ServerException.class, () -> ecs.listServices());
        assertThrows(AccessDeniedException.class, () -> ecs.listTasks(it -> it.cluster("none")));
    }

    @Test
    void aFullClusterListsAsEmptyAsOftenAsPlanned() {
        simulator.faults().emptyNext("ListTasks", 1);
        simulator.faults().emptyNext("ListTasks", 1);
        simulator.faults().emptyNext("ListServices", 1);

        for (int i = 0; i < 2; i++) {
            var page = ecs.listTasks();
            assertTrue(page.taskArns().isEmpty());
            assertNull(page.nextToken());
        }
        assertEquals(100, ecs.listTasks().taskArns().size());
        assertEquals(1, ecs.listClusters().clusterArns().size());
        assertTrue(ecs.listServices().serviceArns().isEmpty());
        assertEquals(10, ecs.listServices().serviceArns().size());
    }

    @Test
    void ofAPagingCallerOnlyTheNextPageIsEmpty() {
        var first = ecs.listTasks();
        simulator.faults().emptyNext("ListTasks", 1);

        var second = ecs.listTasks(it -> it.nextToken(first.nextToken()));

        assertTrue(second.taskArns().isEmpty());
        assertNull(second.nextToken());
        assertEquals(
                100,
                ecs.listTasks(it -> it.nextToken(first.nextToken())).taskArns().size());
    }

    @Test
    void callsThatFailDoNotUseUpAnEmptyPage() {
        simulator.faults().emptyNext("ListClusters", 1);
        simulator.faults().failNext("ListClusters", 1);

        assertThrows(ServerException.class, () -> ecs.listClusters());
        assertTrue(ecs.listClusters().clusterArns().isEmpty());
        assertEquals(1, ecs.listClusters().clusterArns().size());
    }

    @Test
    void throttledAnswersAreCountedByOperation() {
        assertEquals(Map.of(), simulator.throttled());
        simulator.faults().failNext("ListClusters", 2, "ThrottlingException");
        simulator.faults().failNext("ListServices", 1);
        simulator.faults().failAbout(CLUSTER, "ThrottlingException");
        List<Runnable> calls = List.of(ecs::listClusters, ecs::listClusters, ecs::listServices, ecs::describeClusters);
        calls.forEach(call -> assertThrows(EcsException.class, call::run));
        simulator.faults().use(EnumSet.of(Fault.THROTTLING));
        for (int i = 0; i < 100; i++) {
            ecs.listTasks();
        }
        assertThrows(EcsException.class, () -> ecs.listTasks());

        assertEquals(Map.of("ListClusters", 2L, "DescribeClusters", 1L, "ListTasks", 1L), simulator.throttled());
        assertEquals(101, simulator.calls().get("ListTasks"));
    }

    private int describeTasks(List<String> tasks) {
        return ecs.describeTasks(it -> it.tasks(tasks)).tasks().size();
    }

    private List<Failure> describeService(String service) {
        return ecs.describeServices(it -> it.services(service)).failures();
    }
}
