package io.clusterstate.mirror;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.LoopStatus.State;
import io.clusterstate.NotReadyException;
import io.clusterstate.internal.loop.Loop;
import io.clusterstate.mirror.MirrorStatus.Phase;
import io.clusterstate.simulator.Fault;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.simulator.SimulatorBuilder;
import io.clusterstate.spi.Applied;
import io.clusterstate.spi.Change;
import io.clusterstate.spi.StateStore;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.testing.DelegatingStore;
import io.clusterstate.testing.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Outages, expired credentials, hanging calls and slow stores: the mirror recovers by itself, and the view keeps
 * answering.
 */
class BadDaysTest {

    private static final String CLUSTER = "default";

    @Test
    @Promise(5)
    void bothOutAtTheStart() throws Exception {
        try (MirroredEcs ecs = MirroredEcs.of(small())) {
            ecs.simulator().faults().ecsOutage(true);
            ecs.simulator().faults().sqsOutage(true);
            ecs.mirror().start();
            await(() -> ecs.mirror().status().failure().isPresent());
            assertThrows(NotReadyException.class, ecs::snapshot);

            ecs.simulator().faults().ecsOutage(false);
            ecs.reconcileAll(); // else after a backoff, but the clock stands
            ecs.view().awaitReady(MirroredEcs.LIMIT);
            assertEquals(ecs.trueTaskArns(CLUSTER), ecs.taskArns(CLUSTER));

            ecs.simulator().faults().sqsOutage(false);
            assertFollowsEvents(ecs);
        }
    }

    @Test
    @Promise(5)
    void bothOutLater() throws Exception {
        try (MirroredEcs ecs = MirroredEcs.of(small()).ready()) {
            var before = ecs.taskArns(CLUSTER);
            ecs.simulator().faults().ecsOutage(true);
            ecs.simulator().faults().sqsOutage(true);
            await(() -> pollersAre(ecs, State.FAILING));
            assertFalse(ecs.reconcile(CLUSTER).isComplete());
            assertFalse(ecs.mirror().status().problems().isEmpty());
            assertEquals(before, ecs.taskArns(CLUSTER), "a failed source never shrinks the view");

            ecs.simulator().faults().ecsOutage(false);
            ecs.simulator().faults().sqsOutage(false);
            assertFollowsEvents(ecs);
            assertTrue(ecs.reconcile(CLUSTER).isComplete());
            await(() -> pollersAre(ecs, State.WORKING));
        }
    }

    @Test
    @Promise(6)
    void aBacklogAboutTasksThatAreLongGoneDelaysFreshnessAndNotReadiness() throws Exception {
        Clusters byArn = Clusters.named("arn:aws:ecs:us-east-1:123456789012:cluster/" + CLUSTER); // so home is known
        try (MirroredEcs ecs = MirroredEcs.of(small(), builder -> builder.clusters(byArn))) {
            ecs.simulator().faults().ecsOutage(true);
            ecs.mirror().start();
            Task gone = ecs.anyTask(CLUSTER);
            String arn = gone.taskArn() + "0";
            ecs.world()
                    .send(
                            """
                            {"source":"aws.ecs","detail-type":"ECS Task State Change","detail":{"clusterArn":"%s","taskArn":"%s",
                             "lastStatus":"RUNNING","desiredStatus":"RUNNING","version":3}}
                            """
                                    .formatted(gone.clusterArn(), arn));
            await(() -> ecs.mirror().status().deliveries().get(DeliveryOutcome.APPLIED) == 1);
            ecs.simulator().faults().ecsOutage(false);

            ecs.reconcileAll();

            assertTrue(ecs.view().isReady());
            assertTrue(ecs.view().task(arn).isPresent());
            assertTrue(ecs.view().freshness().freshUpTo().isEmpty());
            ecs.reconcileAfterAWhile(CLUSTER);
            assertTrue(ecs.view().task(arn).isEmpty());
            assertTrue(ecs.view().freshness().freshUpTo().isPresent());
        }
    }

    @Test
    void credentialsThatHaveExpiredAndAreRenewed() throws Exception {
        try (MirroredEcs ecs = MirroredEcs.of(small()).ready()) {
            ecs.simulator().faults().failNext("ListTasks", 1, "ExpiredTokenException");

            ReconcileReport report = ecs.reconcile(CLUSTER);

            assertTrue(report.failure().orElseThrow().contains("ExpiredTokenException"), report.toString());
            assertEquals(Phase.READY, ecs.mirror().status().phase());
            assertTrue(ecs.reconcile(CLUSTER).isComplete());
        }
    }

    @Test
    void aQueueThatIsDeletedAndMadeAgain() throws Exception {
        try (MirroredEcs ecs = MirroredEcs.of(small()).ready()) {
            SqsClient sqs = ecs.world().sqs();
            String url = ecs.simulator().queueUrl();
            sqs.deleteQueue(request -> request.queueUrl(url));
            await(() -> pollersAre(ecs, State.FAILING));

            sqs.createQueue(request -> request.queueName(ecs.simulator().queueName())
                    .attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "2")));

            Task task = ecs.anyTask(CLUSTER);
            ecs.world()
                    .send(
                            """
                            {"source":"aws.ecs","detail-type":"ECS Task State Change","detail":{"clusterArn":"%s","taskArn":"%s",
                             "lastStatus":"RUNNING","desiredStatus":"STOPPED","version":%d}}
                            """
                                    .formatted(task.clusterArn(), task.taskArn(), task.version() + 1));
            await(() -> ecs.view()
                    .task(task.taskArn())
                    .orElseThrow()
                    .desiredStatus()
                    .equals("STOPPED"));
            await(() -> pollersAre(ecs, State.WORKING));
        }
    }

    @Test
    @Promise(4)
    void aSlowStoreLosesNothingAndShows() throws Exception {
        SlowStore store = new SlowStore();
        try (MirroredEcs ecs =
                MirroredEcs.of(small(), builder -> builder.store(store)).ready()) {
            String arn = ecs.anyTask(CLUSTER).taskArn();
            store.door.shut();
            stop(ecs, arn);
            store.door.awaitSomebody();
            ecs.time().advance(Loop.LONGEST_SILENCE.plusSeconds(10));
            await(() -> pollersAre(ecs, State.SILENT));
            assertTrue(ecs.world().messagesLeft() > 0, "not settled before its effect is safe");
            assertEquals("RUNNING", ecs.view().task(arn).orElseThrow().desiredStatus());

            store.door.open();

            await(() -> ecs.view().task(arn).orElseThrow().desiredStatus().equals("STOPPED"));
            await(() -> pollersAre(ecs, State.WORKING));
        }
    }

    @Test
    @Promise(12)
    void aReconcileInTheMiddleOfABurstTakesNothingBack() throws Exception {
        try (MirroredEcs ecs = MirroredEcs.of(small()).ready()) {
            ecs.simulator().faults().use(Fault.parse("stale_lists"));
            for (int i = 0; i < 20; i++) {
                ecs.simulator().step();
                ecs.time().advance(Duration.ofMillis(100));
                ecs.reconcileAll();
            }
            ecs.simulator().settle(MirroredEcs.LIMIT);

            for (Task truth : ecs.simulator().truth().tasks()) {
                await(() -> ecs.view()
                        .task(truth.taskArn())
                        .filter(seen -> seen.version().equals(truth.version()))
                        .isPresent());
            }
        }
    }

    @Test
    void poisonIsLeftToTheRedrivePolicyWhereThereIsOne() throws Exception {
        CountDownLatch handed = new CountDownLatch(1);
        try (MirroredEcs ecs = MirroredEcs.of(small(), builder -> builder.poisonReceipts(1)
                        .onPoison((delivery, reason) -> handed.countDown()))
                .ready()) {
            SqsClient sqs = ecs.world().sqs();
            String dead = sqs.createQueue(request -> request.queueName("dead")).queueUrl();
            String deadArn = attribute(sqs, dead, QueueAttributeName.QUEUE_ARN);
            sqs.setQueueAttributes(request -> request.queueUrl(ecs.simulator().queueUrl())
                    .attributes(Map.of(
                            QueueAttributeName.REDRIVE_POLICY,
                            "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":2}".formatted(deadArn))));

            ecs.world().send("{\"half\":");

            await(() -> !"0".equals(attribute(sqs, dead, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)));
            assertEquals(1, handed.getCount(), "the dead-letter queue has it; nobody else is handed it");
            assertEquals(2, ecs.mirror().status().deliveries().get(DeliveryOutcome.UNREADABLE));
        }
    }

    @Test
    void poisonIsHandedOverAndDeletedWhereThereIsNoRedrivePolicy() throws Exception {
        CountDownLatch handed = new CountDownLatch(1);
        try (MirroredEcs ecs = MirroredEcs.of(small(), builder -> builder.poisonReceipts(2)
                        .onPoison((delivery, reason) -> handed.countDown()))
                .ready()) {
            ecs.world().send("{\"half\":");

            await(() -> handed.getCount() == 0);
            await(() -> ecs.world().messagesLeft() == 0);
            await(() -> ecs.mirror().status().deliveries().get(DeliveryOutcome.DISCARDED) == 1);
            assertEquals(1, ecs.mirror().status().deliveries().get(DeliveryOutcome.UNREADABLE));
        }
    }

    /** A store with a door for writes. */
    private static final class SlowStore implements DelegatingStore {

        private final ReferenceStore store = new ReferenceStore();
        private final Door door = new Door();

        @Override
        public List<Applied> apply(List<? extends Change<?>> changes) {
            door.pass();
            return store.apply(changes);
        }

        @Override
        public StateStore store() {
            return store;
        }
    }

    private static SimulatorBuilder small() {
        return Simulator.builder().seed(9).clusters(1).tasks(60);
    }

    private static void assertFollowsEvents(MirroredEcs ecs) {
        String arn = ecs.anyTask(CLUSTER).taskArn();
        stop(ecs, arn);
        await(() -> ecs.view().task(arn).orElseThrow().desiredStatus().equals("STOPPED"));
    }

    private static void stop(MirroredEcs ecs, String arn) {
        ecs.world().ecs().stopTask(request -> request.cluster(CLUSTER).task(arn));
        ecs.simulator().tick();
    }

    private static String attribute(SqsClient sqs, String queueUrl, QueueAttributeName name) {
        return sqs.getQueueAttributes(request -> request.queueUrl(queueUrl).attributeNames(name))
                .attributes()
                .getOrDefault(name, "");
    }

    private static boolean pollersAre(MirroredEcs ecs, State state) {
        return ecs.mirror().status().loops().stream()
                .anyMatch(loop -> loop.name().startsWith("poll") && loop.state() == state);
    }
}
