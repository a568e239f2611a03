package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ConflictException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;

class ClientTokenTest {
    private final TurnableClock clock = new TurnableClock();
    private final Simulator simulator =
            Simulator.builder().clock(clock).clusters(2).tasks(0).withoutSqs().build();
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
    void anEqualRequestWithTheTokenRepeatsTheFirstAnswer() {
        var first = run("default", "token", 2);
        SimulatedTime.comeToRest(simulator, clock);
        var again = run("default", "token", 2);

        assertEquals(first.tasks(), again.tasks());
        assertEquals(2, ecs.listTasks().taskArns().size());
        assertEquals(
                arnsOf(first),
                ecs.listTasks(it -> it.startedBy("me")).taskArns(),
                "the answer to a lost call is found by startedBy as well");
    }

    @Test
    void theTokenOfAnotherRequestConflicts() {
        var first = run("default", "token", 1);

        var conflict = assertThrows(ConflictException.class, () -> run("default", "token", 2));

        assertEquals(arnsOf(first), conflict.resourceIds());
        assertEquals(400, conflict.statusCode());
        assertEquals(1, ecs.listTasks().taskArns().size());
    }

    @Test
    void aTokenBelongsToItsCluster() {
        var first = run("default", "token", 1);
        var elsewhere = run("sim-2", "token", 3);

        assertEquals(1, first.tasks().size());
        assertEquals(3, elsewhere.tasks().size());
    }

    @Test
    void aTokenIsForgottenWithItsTasksOrAfterADay() {
        var first = run("default", "long", 1);
        var brief = run("default", "brief", 1);
        ecs.stopTask(it -> it.task(brief.tasks().get(0).taskArn()));
        SimulatedTime.comeToRest(simulator, clock);
        clock.turn(Duration.ofMinutes(50));
        var described = run("default", "brief", 1);
        clock.turn(Duration.ofMinutes(20));
        var forgotten = run("default", "brief", 1);
        clock.turn(Duration.ofHours(22));
        var kept = run("default", "long", 1);
        clock.turn(Duration.ofHours(1));
        var old = run("default", "long", 1);

        assertEquals(arnsOf(brief), arnsOf(described));
        assertNotEquals(arnsOf(brief), arnsOf(forgotten));
        assertEquals(arnsOf(first), arnsOf(kept));
        assertNotEquals(arnsOf(first), arnsOf(old));
    }

    @Test
    void aRequestThatStartedNothingLeavesItsTokenFree() {
        ecs.registerContainerInstance(it -> it.cluster("default"));
        var refused = ecs.runTask(it -> it.taskDefinition("trainer").clientToken("token"));
        var started = run("default", "token", 1);

        assertEquals(0, refused.tasks().size());
        assertEquals(1, started.tasks().size());
    }

    @Test
    void aTokenIsShortAndVisible() {
        assertThrows(InvalidParameterException.class, () -> run("default", "two words", 1));
        assertThrows(InvalidParameterException.class, () -> run("default", "x".repeat(65), 1));
    }

    private RunTaskResponse run(String cluster, String token, int count) {
        return ecs.runTask(it -> it.cluster(cluster)
                .taskDefinition("batch")
                .launchType(LaunchType.FARGATE)
                .startedBy("me")
                .count(count)
                .clientToken(token));
    }

    private static List<String> arnsOf(RunTaskResponse answer) {
        return answer.tasks().stream().map(Task::taskArn).toList();
    }
}
