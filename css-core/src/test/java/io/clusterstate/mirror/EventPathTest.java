package io.clusterstate.mirror;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.simulator.SimulatorBuilder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Task;

/** Mirrors with and without events in their queue. */
class EventPathTest {

    private static final String CLUSTER = "default";

    @Test
    void aQueueThatNoRuleFillsIsSaidAloudAndClearsWithTheFirstEvent() throws Exception {
        ScriptedSource queue = new ScriptedSource();
        try (MirroredEcs ecs =
                MirroredEcs.of(small(), builder -> builder.events(queue)).ready()) {
            ecs.reconcile(CLUSTER);
            waitForEvents(ecs, queue);
            assertEquals(List.of(), setUp(ecs), "nothing has happened");
            for (int pass = 0; pass < 2; pass++) {
                stopATask(ecs);
                ecs.reconcile(CLUSTER);
                waitForEvents(ecs, queue);
            }

            List<String> problems = setUp(ecs);
            assertTrue(
                    problems.get(0)
                            .startsWith("task events of arn:aws:ecs:us-east-1:123456789012:cluster/default do not"
                                    + " reach this queue: passes found "),
                    problems::toString);
            assertTrue(ecs.mirror().status().problems().containsAll(problems));

            deliver(queue, ecs.anyTask(CLUSTER));
            await(() -> setUp(ecs).stream().noneMatch(problem -> problem.startsWith("task events")));
        }
    }

    @Test
    void aQueueWhoseEventsComeAfterThePassThatFoundThemIsNotSuspected() throws Exception {
        ScriptedSource queue = new ScriptedSource();
        try (MirroredEcs ecs = MirroredEcs.of(
                        small(), builder -> builder.events(queue).kinds(EntityKind.TASK))
                .ready()) {
            for (int pass = 0; pass < 4; pass++) {
                stopATask(ecs);
                ReconcileReport report = ecs.reconcile(CLUSTER);
                assertTrue(report.drift().missed() + report.drift().stale() > 0, report.toString());

                deliver(queue, ecs.anyTask(CLUSTER));
                waitForEvents(ecs, queue);

                assertEquals(List.of(), setUp(ecs));
            }
        }
    }

    @Test
    void aRealQueueThatGetsTheEventsIsNotSuspected() throws Exception {
        try (MirroredEcs ecs = MirroredEcs.of(small()).ready()) {
            for (int pass = 0; pass < 3; pass++) {
                stopATask(ecs);
                long sent = ecs.simulator().settle(MirroredEcs.LIMIT);
                await(() -> {
                    ecs.time().advance(Duration.ofMillis(1)); // until the hints are due
                    return deliveries(ecs) >= sent;
                });
                ecs.reconcile(CLUSTER);
                ecs.time().advance(EventPath.GRACE);
                assertEquals(List.of(), setUp(ecs));
            }
        }
    }

    private static List<String> setUp(MirroredEcs ecs) {
        return ecs.mirror().status().setUp();
    }

    private static long deliveries(MirroredEcs ecs) {
        return ecs.mirror().status().deliveries().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private static void stopATask(MirroredEcs ecs) {
        String arn = ecs.anyTask(CLUSTER).taskArn();
        ecs.world().ecs().stopTask(request -> request.cluster(CLUSTER).task(arn));
        ecs.simulator().tick();
    }

    private static void deliver(ScriptedSource queue, Task task) {
        queue.deliver(
                """
                {"source":"aws.ecs","detail-type":"ECS Task State Change","detail":{"clusterArn":"%s","taskArn":"%s",
                 "lastStatus":"RUNNING","desiredStatus":"RUNNING","version":%d}}
                """
                        .formatted(task.clusterArn(), task.taskArn(), task.version()));
    }

    /** Lets the time pass in which an event may be under way, while the queue is polled. */
    private static void waitForEvents(MirroredEcs ecs, ScriptedSource queue) {
        Duration step = Duration.ofSeconds(30);
        for (int i = 0; i <= EventPath.GRACE.dividedBy(step) + 1; i++) {
            long polls = queue.polls();
            await(() -> queue.polls() > polls + 1);
            ecs.time().advance(step);
        }
    }

    private static SimulatorBuilder small() {
        return Simulator.builder().seed(11).clusters(1).tasks(30);
    }
}
