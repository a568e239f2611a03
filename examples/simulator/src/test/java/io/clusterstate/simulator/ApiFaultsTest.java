package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.AccessDeniedException;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.ServerException;

class ApiFaultsTest {
    private final TurnableClock clock = new TurnableClock();
    private final Simulator simulator = Simulator.builder()
            .seed(9)
            .clock(clock)
            .clusters(1)
            .tasks(90)
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
    void withoutFaultsNoCallFailsAndListsAreCurrent() {
        for (int i = 0; i < 20; i++) {
            assertEquals(
                    90 + i, ecs.listTasksPaginator(it -> {}).taskArns().stream().count());
            ecs.runTask(it -> it.taskDefinition("batch").launchType(LaunchType.FARGATE));
        }
    }

    @Test
    void throttlingLetsABurstThroughAndThenTwentyASecond() {
        use(Fault.THROTTLING);

        assertEquals(100, admitted(() -> ecs.listTasks()));
        var error = assertThrows(EcsException.class, () -> ecs.listContainerInstances());
        assertTrue(error.getMessage().startsWith("Rate exceeded"));
        assertEquals(400, error.statusCode());
        assertTrue(error.isThrottlingException());
        assertEquals(50, admitted(() -> ecs.listClusters()));
        assertEquals(100, admitted(() -> ecs.listServices()));
        clock.turn(Duration.ofSeconds(1));
        assertEquals(20, admitted(() -> ecs.listTasks()));
        clock.turn(Duration.ofMinutes(1));
        assertEquals(100, admitted(() -> ecs.listTasks()));
    }

    @Test
    void writesAreNotThrottled() {
        use(Fault.THROTTLING);

        for (int i = 0; i < 110; i++) {
            ecs.createCluster(it -> it.clusterName("one"));
        }
    }

    @Test
    void errorsFailOneCallInTwenty() {
        use(Fault.ERRORS);
        int errors = 0;
        int cuts = 0;

        for (int i = 0; i < 400; i++) {
            try {
                ecs.listClusters();
            } catch (ServerException e) {
                errors++;
            } catch (SdkClientException e) {
                cuts++;
            }
        }

        assertTrue(errors > 3 && errors < 25, "errors: " + errors);
        assertTrue(cuts > 3 && cuts < 25, "cuts: " + cuts);
    }

    @Test
    void staleListsLagSecondsBehind() {
        use(Fault.STALE_LISTS);
        var started = ecs.runTask(it -> it.taskDefinition("batch").launchType(LaunchType.FARGATE))
                .tasks()
                .get(0)
                .taskArn();
        var stopped =
                ecs.listTasksPaginator(it -> {}).taskArns().stream().findFirst().orElseThrow();
        ecs.stopTask(it -> it.task(stopped));

        var soon = listed();
        clock.turn(Duration.ofSeconds(6));
        var later = listed();

        assertFalse(soon.contains(started));
        assertTrue(soon.contains(stopped));
        assertTrue(later.contains(started));
        assertFalse(later.contains(stopped));
        assertEquals(
                "STOPPED",
                ecs.describeTasks(it -> it.tasks(stopped)).tasks().get(0).desiredStatus());
    }

    @Test
    void staleListsHaveEmptyPagesNowAndThen() {
        use(Fault.STALE_LISTS);
        int emptyAndLast = 0;
        int emptyWithMore = 0;

        for (int i = 0; i < 200; i++) {
            var page = ecs.listTasks();
            if (page.taskArns().isEmpty() && page.nextToken() == null) {
                emptyAndLast++;
            } else if (page.taskArns().isEmpty()) {
                emptyWithMore++;
            }
        }

        assertTrue(emptyAndLast > 0 && emptyAndLast < 30, "empty and last: " + emptyAndLast);
        assertTrue(emptyWithMore > 0 && emptyWithMore < 30, "empty with more: " + emptyWithMore);
    }

    @Test
    void listsAreCurrentAgainWhenTheFaultEnds() {
        use(Fault.STALE_LISTS);
        var started = ecs.runTask(it -> it.taskDefinition("batch").launchType(LaunchType.FARGATE))
                .tasks()
                .get(0)
                .taskArn();

        simulator.faults().use(Set.of());

        assertTrue(listed().contains(started));
    }

    @Test
    void plannedFailuresFailExactlySoManyCalls() {
        simulator.faults().failNext("ListTasks", 2);
        simulator.faults().failNext("DescribeTasks", 1, "AccessDeniedException");

        assertThrows(ServerException.class, () -> ecs.listTasks());
        assertThrows(ServerException.class, () -> ecs.listTasks());
        assertEquals(90, ecs.listTasks().taskArns().size());
        assertThrows(AccessDeniedException.class, () -> ecs.describeTasks(it -> it.tasks("a")));
        assertEquals(3, simulator.calls().get("ListTasks"));
    }

    @Test
    void delayedAnswersTakeTheirTime() {
        simulator.faults().delayResponses(Duration.ofMillis(200));
        long began = System.nanoTime();
        ecs.listClusters();
        long took = System.nanoTime() - began;
        simulator.faults().delayResponses(Duration.ZERO);

        assertTrue(took >= Duration.ofMillis(200).toNanos());
    }

    @Test
    void theEndOfADelayLetsOutTheAnswersThatWait() throws Exception {
        simulator.faults().delayResponses(Duration.ofMinutes(10));
        var call = CompletableFuture.runAsync(() -> ecs.listClusters());
        Await.until("the call is there", () -> simulator.calls().containsKey("ListClusters"));
        assertFalse(call.isDone());

        simulator.faults().delayResponses(Duration.ZERO);

        call.get(1, TimeUnit.MINUTES);
    }

    private void use(Fault fault) {
        simulator.faults().use(EnumSet.of(fault));
    }

    /** All running tasks, asked again when a page is empty. */
    private Set<String> listed() {
        var arns = new HashSet<String>();
        for (int i = 0; i < 5; i++) {
            arns.addAll(ecs.listTasks().taskArns());
        }
        return arns;
    }

    private static int admitted(Runnable call) {
        for (int calls = 0; ; calls++) {
            try {
                call.run();
            } catch (EcsException e) {
                return calls;
            }
        }
    }
}
