package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/** What holds in every world, whatever happened in it. */
class WorldInvariantsTest {
    private static final int WORLDS = 8;

    private final TurnableClock clock = new TurnableClock();
    private Simulator simulator;
    private Truth truth;
    private String seed;

    @BeforeEach
    void live(RepetitionInfo repetition) {
        int number = repetition.getCurrentRepetition();
        seed = "seed " + number;
        simulator = Simulator.builder()
                .seed(number)
                .clock(clock)
                .clusters(1 + number % 3)
                .tasks(number * 60)
                .faults(Fault.parse(number % 2 == 0 ? "all" : "none"))
                .withoutSqs()
                .build();
        SimulatedTime.steps(simulator, clock, 300);
        truth = simulator.truth();
    }

    @AfterEach
    void close() {
        simulator.close();
    }

    @RepeatedTest(WORLDS)
    void instancesHaveLeftWhatTheirTasksDoNotHold() {
        for (var host : listed()) {
            var here = tasksOn(host);
            assertEquals(sum(here, it -> Integer.parseInt(it.cpu())), taken(host, "CPU"), seed);
            assertEquals(sum(here, it -> Integer.parseInt(it.memory())), taken(host, "MEMORY"), seed);
            assertEquals(sum(here, WorldInvariantsTest::gpus), -grown(host, "GPU"), seed);
            assertTrue(
                    sum(here, WorldInvariantsTest::bindings) <= grown(host, "PORTS") + grown(host, "PORTS_UDP"), seed);
        }
    }

    @RepeatedTest(WORLDS)
    void countsAreThoseOfTheTasks() {
        for (var host : listed()) {
            assertEquals(running(tasksOn(host)), (long) host.runningTasksCount(), seed);
        }
        for (var cluster : truth.clusters()) {
            var here = truth.tasks().stream()
                    .filter(it -> it.clusterArn().equals(cluster.clusterArn()))
                    .toList();
            assertEquals(running(here), (long) cluster.runningTasksCount(), seed);
        }
    }

    @RepeatedTest(WORLDS)
    void atRestServicesRunWhatTheyShall() {
        for (int i = 0; i < 2; i++) {
            SimulatedTime.comeToRest(simulator, clock);
        }

        var behind = simulator.truth().services().stream()
                .filter(it -> it.pendingCount() > 0 || it.runningCount() > it.desiredCount())
                .toList();

        assertEquals(List.of(), behind, seed);
    }

    private List<ContainerInstance> listed() {
        return truth.instances().stream()
                .filter(it -> !it.status().equals("INACTIVE"))
                .toList();
    }

    private List<Task> tasksOn(ContainerInstance host) {
        return truth.tasks().stream()
                .filter(it -> host.containerInstanceArn().equals(it.containerInstanceArn()))
                .filter(it -> !it.lastStatus().equals("STOPPED"))
                .toList();
    }

    private static long running(List<Task> tasks) {
        return tasks.stream().filter(it -> it.lastStatus().equals("RUNNING")).count();
    }

    private static int taken(ContainerInstance host, String resource) {
        return Resources.numberOf(host.registeredResources(), resource)
                - Resources.numberOf(host.remainingResources(), resource);
    }

    private static int grown(ContainerInstance host, String resource) {
        return Resources.setOf(host.remainingResources(), resource).size()
                - Resources.setOf(host.registeredResources(), resource).size();
    }

    private static int gpus(Task task) {
        return sum(task.containers(), it -> it.gpuIds().size());
    }

    private static int bindings(Task task) {
        return sum(task.containers(), it -> it.networkBindings().size());
    }

    private static <T> int sum(List<T> things, ToIntFunction<T> count) {
        return things.stream().mapToInt(count).sum();
    }
}
