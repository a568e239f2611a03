package io.clusterstate.mirror;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.Outcome;
import io.clusterstate.testing.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;

/** An entity leaves the view only upon proof from ECS. */
class AbsenceTest {

    private static final String CLUSTER = "default";
    private static final Duration RETENTION_IS_OVER = Duration.ofMinutes(61);

    private final MirroredEcs ecs =
            MirroredEcs.of(Simulator.builder().seed(11).clusters(2).tasks(160));

    @BeforeEach
    void makeReady() throws Exception {
        ecs.ready();
    }

    @AfterEach
    void end() {
        ecs.close();
    }

    @Test
    @Promise(8)
    void aTaskThatVanishedWithoutAnEventIsRemovedWhenEcsSaysMissing() throws Exception {
        String arn = ecs.anyTask(CLUSTER).taskArn();
        ecs.simulator().vanishTask(arn);

        ReconcileReport report = ecs.reconcileAfterAWhile(CLUSTER);

        assertTrue(ecs.view().task(arn).isEmpty());
        assertEquals(1, report.drift().phantom());
        assertEquals(1, report.drift().removed());
        assertEquals(ecs.trueTaskArns(CLUSTER), ecs.taskArns(CLUSTER));
    }

    @Test
    @Promise(8)
    void whatEcsNamesByItsShortArnIsFoundOutToBeGoneToo() throws Exception {
        String task = ecs.anyTask(CLUSTER).taskArn();
        String instance =
                ecs.snapshot().instances().in(CLUSTER).first().orElseThrow().containerInstanceArn();
        String service =
                ecs.snapshot().services().in(CLUSTER).first().orElseThrow().serviceArn();
        ecs.simulator().faults().shortFailureArns(true);
        ecs.simulator().vanishTask(task);
        ecs.simulator().vanishInstance(instance);
        ecs.simulator().vanishService(service);

        ecs.reconcileAfterAWhile(CLUSTER); // with the instance many tasks go, which is held for one more pass
        ReconcileReport report = ecs.reconcileAfterAWhile(CLUSTER);

        assertTrue(report.isComplete(), report.toString());
        assertTrue(ecs.view().task(task).isEmpty());
        assertTrue(ecs.snapshot().instance(instance).isEmpty());
        assertTrue(ecs.snapshot().service(service).isEmpty());
    }

    @Test
    @Promise(8)
    void whatWasHeardOfLatelyIsNotTakenToBeGone() throws Exception {
        String arn = ecs.anyTask(CLUSTER).taskArn();
        ecs.simulator().vanishTask(arn);
        ecs.time().advance(MirroredEcs.ALLOWANCE);
        var before = ecs.view().freshness().clusters();

        ReconcileReport early = ecs.reconcile(CLUSTER);
        assertTrue(ecs.view().task(arn).isPresent());
        assertEquals(1, early.drift().unproven());
        assertFalse(early.isComplete());
        assertEquals(before, ecs.view().freshness().clusters(), "it must not move over what is open");

        ecs.reconcileAfterAWhile(CLUSTER);
        assertTrue(ecs.view().task(arn).isEmpty());
    }

    /** ECS lists a stopped task, and forgets it before it is described. */
    @Test
    @Promise(6)
    void anEntityThatIsListedAndThenMissingHoldsFreshnessBack() throws Exception {
        String arn = ecs.anyTask(CLUSTER).taskArn();
        ecs.simulator().faults().refuseAbout(arn, "MISSING");
        var before = ecs.view().freshness().clusters();

        ReconcileReport report = ecs.reconcileAfterAWhile(CLUSTER);

        assertTrue(ecs.view().task(arn).isPresent());
        assertFalse(report.isComplete());
        assertEquals(before, ecs.view().freshness().clusters());

        ecs.simulator().faults().forgive(arn);
        assertTrue(ecs.reconcileAfterAWhile(CLUSTER).isComplete());
    }

    @Test
    void aTaskThatEndedIsListedAndForgottenWithoutADoubt() throws Exception {
        Task task = ecs.anyTask(CLUSTER);
        ecs.world().ecs().stopTask(request -> request.cluster(task.clusterArn()).task(task.taskArn()));
        untilStopped(task.taskArn());
        ecs.simulator().faults().refuseAbout(task.taskArn(), "MISSING");

        ReconcileReport report = ecs.reconcileAfterAWhile(CLUSTER);

        assertTrue(report.isComplete(), report.toString());
        assertEquals("STOPPED", ecs.view().task(task.taskArn()).orElseThrow().lastStatus());
    }

    @Test
    @Promise(3)
    void aLateEventDoesNotReviveWhatWasRemoved() throws Exception {
        Task gone = ecs.anyTask(CLUSTER);
        ecs.simulator().vanishTask(gone.taskArn());
        ecs.reconcileAfterAWhile(CLUSTER);
        long outdated = ecs.mirror().status().changes().get(Outcome.OUTDATED);

        ecs.world()
                .send(
                        """
                        {"source":"aws.ecs","detail-type":"ECS Task State Change","detail":{"clusterArn":"%s","taskArn":"%s",
                         "lastStatus":"RUNNING","desiredStatus":"RUNNING","version":%d}}
                        """
                                .formatted(gone.clusterArn(), gone.taskArn(), gone.version()));

        await(() -> ecs.mirror().status().changes().get(Outcome.OUTDATED) > outdated);
        assertTrue(ecs.view().task(gone.taskArn()).isEmpty());
    }

    @Test
    @Promise(8)
    void aPageThatCannotBeDescribedMakesThePassIncompleteAndRemovesNothing() throws Exception {
        Task vanished = ecs.anyTask(CLUSTER);
        ecs.simulator().vanishTask(vanished.taskArn());
        Task onTheFailingPage = ecs.anyTask(CLUSTER);
        ecs.simulator().faults().failAbout(onTheFailingPage.taskArn(), "ServerException");
        var freshUpTo = ecs.view().freshness().upTo(CLUSTER);

        ReconcileReport report = ecs.reconcileAfterAWhile(CLUSTER);

        assertFalse(report.isComplete());
        assertTrue(report.failure().orElseThrow().contains("ServerException"), report.toString());
        assertEquals(0, report.drift().removed());
        assertTrue(ecs.view().task(vanished.taskArn()).isPresent());
        assertEquals(freshUpTo, ecs.view().freshness().upTo(CLUSTER));

        ecs.simulator().faults().forgive(onTheFailingPage.taskArn());
        assertEquals(1, ecs.reconcile(CLUSTER).drift().removed());
    }

    @Test
    @Promise(8)
    void anEmptyPageForAFullClusterRemovesNothing() throws Exception {
        Set<String> before = ecs.taskArns(CLUSTER);
        assertTrue(before.size() > 20);
        ecs.simulator().faults().emptyNext("ListTasks", 2);

        ReconcileReport report = ecs.reconcileAfterAWhile(CLUSTER);

        assertEquals(before, ecs.taskArns(CLUSTER));
        assertEquals(0, report.drift().phantom());
        assertFalse(report.isComplete(), "while DescribeClusters counts tasks, an empty list confirms nothing");
        assertTrue(ecs.reconcile(CLUSTER).isComplete());
    }

    @Test
    @Promise(8)
    void aListThatFailsHalfwayRemovesNothing() throws Exception {
        String arn = ecs.anyTask(CLUSTER).taskArn();
        ecs.simulator().vanishTask(arn);
        ecs.simulator().faults().failNext("ListTasks", 1, "AccessDeniedException");

        ReconcileReport report = ecs.reconcileAfterAWhile(CLUSTER);

        assertFalse(report.isComplete());
        assertTrue(ecs.view().task(arn).isPresent());
    }

    @Test
    @Promise(8)
    void onlyMissingIsProofAndAnyOtherReasonIsNot() throws Exception {
        String arn = ecs.anyTask(CLUSTER).taskArn();
        ecs.simulator().vanishTask(arn);
        ecs.simulator().faults().refuseAbout(arn, "ACCESS_DENIED");

        ReconcileReport report = ecs.reconcileAfterAWhile(CLUSTER);

        assertTrue(ecs.view().task(arn).isPresent());
        assertEquals(1, report.drift().unproven());
        assertTrue(report.failure().orElseThrow().contains("ACCESS_DENIED"), report.toString());
    }

    @Test
    @Promise(8)
    void whatCannotBeProvenOfOneDoesNotKeepTheProvenOnes() throws Exception {
        String unclear = ecs.anyTask(CLUSTER).taskArn();
        ecs.simulator().vanishTask(unclear);
        ecs.simulator().faults().refuseAbout(unclear, "ACCESS_DENIED");
        String proven = ecs.anyTask(CLUSTER).taskArn();
        ecs.simulator().vanishTask(proven);

        ecs.reconcileAfterAWhile(CLUSTER);

        assertTrue(ecs.view().task(unclear).isPresent());
        assertTrue(ecs.view().task(proven).isEmpty());
    }

    @Test
    @Promise(8)
    void anArnThatEcsDoesNotTakeForOneDoesNotSpoilTheQuestionAboutTheOthers() throws Exception {
        String refused = ecs.anyTask(CLUSTER).taskArn();
        ecs.simulator().vanishTask(refused);
        ecs.simulator().faults().failAbout(refused, "InvalidParameterException");
        String proven = ecs.anyTask(CLUSTER).taskArn();
        ecs.simulator().vanishTask(proven);

        ReconcileReport report = ecs.reconcileAfterAWhile(CLUSTER);

        assertTrue(ecs.view().task(refused).isPresent());
        assertTrue(ecs.view().task(proven).isEmpty());
        assertTrue(report.failure().orElseThrow().contains("InvalidParameterException"), report.toString());
    }

    @Test
    @Promise(8)
    void manyRemovalsAreHeldForOneMorePassAndReported() throws Exception {
        Set<String> before = ecs.taskArns(CLUSTER);
        List<String> vanished =
                before.stream().sorted().limit(before.size() / 2).toList();
        vanished.forEach(ecs.simulator()::vanishTask);

        ReconcileReport first = ecs.reconcileAfterAWhile(CLUSTER);
        assertEquals(vanished.size(), first.drift().heldBack());
        assertEquals(0, first.drift().removed());
        assertTrue(first.failure().orElseThrow().contains("held back"), first.toString());
        assertTrue(ecs.taskArns(CLUSTER).containsAll(vanished));

        assertEquals(0, ecs.reconcile(CLUSTER).drift().removed(), "a second look at once is no second look");
        ReconcileReport second = ecs.reconcileAfterAWhile(CLUSTER);
        assertEquals(vanished.size(), second.drift().removed());
        assertTrue(second.isComplete());
        assertTrue(vanished.stream().noneMatch(ecs.taskArns(CLUSTER)::contains));
    }

    @Test
    void aTaskToldToStopThatStillRunsIsFoundAmongTheStopped() throws Exception {
        Task told = ecs.anyTask(CLUSTER);
        ecs.world().ecs().stopTask(request -> request.cluster(told.clusterArn()).task(told.taskArn()));

        ReconcileReport report = ecs.reconcileAfterAWhile(CLUSTER);

        Task seen = ecs.view().task(told.taskArn()).orElseThrow();
        assertEquals("STOPPED", seen.desiredStatus());
        assertEquals(0, report.drift().unproven() + report.drift().phantom());
    }

    @Test
    void aStoppedTaskStaysForItsRetentionThoughListsForgetIt() throws Exception {
        Task task = ecs.anyTask(CLUSTER);
        ecs.world().ecs().stopTask(request -> request.cluster(task.clusterArn()).task(task.taskArn()));
        untilStopped(task.taskArn());

        ecs.reconcileAfterAWhile(CLUSTER);
        assertEquals("STOPPED", ecs.view().task(task.taskArn()).orElseThrow().lastStatus());

        ecs.time().advance(RETENTION_IS_OVER);
        ecs.store().expire();
        ecs.reconcile(CLUSTER);
        assertTrue(ecs.view().task(task.taskArn()).isEmpty());
    }

    @Test
    void aDeregisteredInstanceBecomesInactiveAndLeavesAfterItsRetention() throws Exception {
        ContainerInstance instance =
                ecs.snapshot().instances().in(CLUSTER).first().orElseThrow();
        String arn = instance.containerInstanceArn();
        ecs.simulator().faults().sqsOutage(true); // no event arrives
        ecs.world().ecs().deregisterContainerInstance(request -> request.cluster(CLUSTER)
                .containerInstance(arn)
                .force(true));

        ReconcileReport report = ecs.reconcileAfterAWhile(CLUSTER);
        assertEquals("INACTIVE", ecs.view().instance(arn).orElseThrow().status());
        assertTrue(report.drift().phantom() >= 1, report.toString());

        ecs.time().advance(RETENTION_IS_OVER);
        ecs.store().expire();
        ecs.reconcile(CLUSTER);
        assertTrue(ecs.view().instance(arn).isEmpty());
    }

    @Test
    void aServiceThatWasMadeAgainUnderItsOldArnIsTheNewOne() throws Exception {
        Service old = ecs.snapshot().services().in(CLUSTER).first().orElseThrow();
        deleteService(old);
        ecs.reconcileAfterAWhile(CLUSTER);
        assertEquals(
                "INACTIVE", ecs.view().service(old.serviceArn()).orElseThrow().status());

        ecs.world().ecs().createService(request -> request.cluster(CLUSTER)
                .serviceName(old.serviceName())
                .taskDefinition(old.taskDefinition())
                .launchType(old.launchType())
                .desiredCount(0));
        ReconcileReport report = ecs.reconcileAfterAWhile(CLUSTER);

        Service seen = ecs.view().service(old.serviceArn()).orElseThrow();
        assertEquals("ACTIVE", seen.status());
        assertTrue(seen.createdAt().isAfter(old.createdAt()));
        assertTrue(report.isComplete());
    }

    @Test
    @Promise(8)
    void aClusterThatVanishedLeavesWithAllThatLivedInIt() throws Exception {
        String arn = clusterArn("sim-2");
        Set<String> tasks = ecs.taskArns("sim-2");
        assertFalse(tasks.isEmpty());
        ecs.simulator().vanishCluster(arn);
        ecs.time().advance(MirroredEcs.A_WHILE);

        ecs.reconcileAll();
        assertEquals(tasks, ecs.taskArns("sim-2"), "too many to be believed at once");
        ecs.time().advance(MirroredEcs.A_WHILE);
        ecs.reconcileAll();

        assertTrue(ecs.taskArns("sim-2").isEmpty());
        assertTrue(ecs.snapshot().instances().in("sim-2").list().isEmpty());
        assertTrue(ecs.view().cluster(arn).isEmpty());
        assertFalse(ecs.taskArns(CLUSTER).isEmpty());
        assertEquals(
                Set.of(clusterArn(CLUSTER)), ecs.view().freshness().clusters().keySet());
    }

    @Test
    void taggedTasksOfADeletedClusterAreKeptAsStoppedForTheirRetention() throws Exception {
        String arn = ecs.world()
                .ecs()
                .createCluster(request -> request.clusterName("short-lived"))
                .cluster()
                .clusterArn();
        Task tagged = ecs.world()
                .ecs()
                .runTask(request -> request.cluster(arn)
                        .taskDefinition("batch")
                        .launchType("FARGATE")
                        .networkConfiguration(network -> network.awsvpcConfiguration(vpc -> vpc.subnets("subnet-1")))
                        .tags(Tag.builder().key("owner").value("tests").build()))
                .tasks()
                .get(0);
        ecs.reconcileAll();
        assertTrue(ecs.view().task(tagged.taskArn()).isPresent());
        ecs.simulator().faults().sqsOutage(true); // no event arrives
        ecs.world().ecs().stopTask(request -> request.cluster(arn).task(tagged.taskArn()));
        letTimeDoItsWork();
        ecs.world().ecs().deleteCluster(request -> request.cluster(arn));
        ecs.time().advance(MirroredEcs.A_WHILE);

        ecs.reconcileAll();

        assertEquals("STOPPED", ecs.view().task(tagged.taskArn()).orElseThrow().lastStatus());
        assertEquals("INACTIVE", ecs.view().cluster(arn).orElseThrow().status());
        ecs.time().advance(RETENTION_IS_OVER);
        ecs.store().expire();
        assertTrue(ecs.view().task(tagged.taskArn()).isEmpty());
        assertTrue(ecs.view().cluster(arn).isEmpty());
    }

    @Test
    void aClusterMissingFromALateListStays() throws Exception {
        ecs.simulator().faults().emptyNext("ListClusters", 1);
        ecs.time().advance(MirroredEcs.A_WHILE);

        ecs.reconcileAll();

        assertEquals(2, ecs.snapshot().clusters().count());
        assertEquals(2, ecs.mirror().status().reconciles().size());
    }

    private void deleteService(Service service) {
        ecs.world().ecs().deleteService(request -> request.cluster(service.clusterArn())
                .service(service.serviceName())
                .force(true));
        letTimeDoItsWork();
    }

    private void untilStopped(String taskArn) {
        letTimeDoItsWork();
        await(() -> ecs.view().task(taskArn).orElseThrow().lastStatus().equals("STOPPED"));
    }

    /** Tasks go step by step, each when its time has come. */
    private void letTimeDoItsWork() {
        for (int i = 0; i < 20; i++) {
            ecs.time().advance(Duration.ofSeconds(10));
            ecs.simulator().tick();
        }
    }

    private String clusterArn(String name) {
        return ecs.simulator().truth().clusters().stream()
                .filter(cluster -> cluster.clusterName().equals(name))
                .findFirst()
                .orElseThrow()
                .clusterArn();
    }
}
