package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.Task;

/** The hooks by which a test changes the world without a call of the API. */
class HooksTest {
    private final TurnableClock clock = new TurnableClock();
    private final Simulator simulator =
            Simulator.builder().clock(clock).clusters(1).tasks(0).build();
    private final Clients clients = new Clients(simulator);
    private EcsClient ecs;
    private String host;

    @BeforeEach
    void start() {
        simulator.start();
        ecs = clients.ecs();
        host = ecs.registerContainerInstance(it -> {}).containerInstance().containerInstanceArn();
    }

    @AfterEach
    void close() {
        clients.close();
        simulator.close();
    }

    @Test
    void aDrainedInstanceIsLeftByServicesAndTakesNothing() {
        ecs.createService(it -> it.serviceName("mine").taskDefinition("worker").desiredCount(1));
        var alone = start("resolver");
        SimulatedTime.comeToRest(simulator, clock);
        clients.events();

        assertTrue(simulator.drainInstance(host));
        SimulatedTime.comeToRest(simulator, clock);

        assertEquals("DRAINING", simulator.truth().instances().get(0).status());
        assertEquals(List.of(alone), ecs.listTasks().taskArns());
        assertEquals(
                "INACTIVE",
                ecs.runTask(it -> it.taskDefinition("web")).failures().get(0).reason());
        assertEquals(
                "DRAINING",
                clients.events().stream()
                        .filter(Event::isOfInstance)
                        .findFirst()
                        .orElseThrow()
                        .detail()
                        .get("status")
                        .asText());
        assertFalse(simulator.drainInstance(host.substring(0, host.length() - 1)));
        assertFalse(simulator.calls().containsKey("UpdateContainerInstancesState"));
    }

    @Test
    void theHealthOfATaskFollowsItsEssentialContainers() {
        ecs.registerTaskDefinition(it -> it.family("pair")
                .containerDefinitions(container("main", true), container("second", true), container("aside", false)));
        var arn = start("pair");
        SimulatedTime.comeToRest(simulator, clock);
        var version = task(arn).version();
        clients.events();

        assertTrue(simulator.reportHealth(arn, "aside", HealthStatus.UNHEALTHY));
        assertEquals(HealthStatus.UNKNOWN, task(arn).healthStatus());
        simulator.reportHealth(arn, "main", HealthStatus.HEALTHY);
        assertEquals(HealthStatus.HEALTHY, task(arn).healthStatus());
        simulator.reportHealth(arn, "second", HealthStatus.UNHEALTHY);
        assertEquals(HealthStatus.UNHEALTHY, task(arn).healthStatus());

        assertEquals(
                List.of(HealthStatus.HEALTHY, HealthStatus.UNHEALTHY, HealthStatus.UNHEALTHY),
                task(arn).containers().stream().map(it -> it.healthStatus()).toList());
        assertEquals(version, task(arn).version());
        assertEquals(List.of(), clients.events());
        assertFalse(simulator.reportHealth(arn, "none", HealthStatus.HEALTHY));
        assertFalse(simulator.reportHealth(arn + "0", "main", HealthStatus.HEALTHY));
    }

    private String start(String family) {
        return ecs.startTask(it -> it.taskDefinition(family).containerInstances(host))
                .tasks()
                .get(0)
                .taskArn();
    }

    private Task task(String arn) {
        return ecs.describeTasks(it -> it.tasks(arn)).tasks().get(0);
    }

    private static ContainerDefinition container(String name, boolean essential) {
        return ContainerDefinition.builder()
                .name(name)
                .image(name)
                .memory(64)
                .essential(essential)
                .build();
    }
}
