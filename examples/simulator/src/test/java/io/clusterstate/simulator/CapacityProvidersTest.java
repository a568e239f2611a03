package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.Task;

class CapacityProvidersTest {
    private final TurnableClock clock = new TurnableClock();
    private final Simulator simulator = Simulator.builder()
            .seed(3)
            .clock(clock)
            .clusters(1)
            .tasks(120)
            .capacityProviders("on-demand", "spot")
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
    void theInitialWorldUsesThem() {
        SimulatedTime.steps(simulator, clock, 60);
        var truth = simulator.truth();
        var providerOf = truth.instances().stream()
                .collect(Collectors.toMap(
                        ContainerInstance::containerInstanceArn, ContainerInstance::capacityProviderName));

        assertEquals(
                List.of("FARGATE", "FARGATE_SPOT", "on-demand", "spot"),
                truth.clusters().get(0).capacityProviders());
        for (var task : truth.tasks()) {
            var name = task.capacityProviderName();
            if (name != null && task.containerInstanceArn() != null) {
                assertEquals(providerOf.get(task.containerInstanceArn()), name);
            } else if (name != null) {
                assertTrue(Providers.FARGATE.contains(name), name);
            }
        }
        var used = truth.tasks().stream()
                .map(Task::capacityProviderName)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        assertTrue(used.containsAll(List.of("on-demand", "spot", "FARGATE", "FARGATE_SPOT")), used::toString);
        assertTrue(truth.services().stream()
                .anyMatch(it -> it.launchType() == null
                        && !it.capacityProviderStrategy().isEmpty()
                        && !it.deployments().get(0).capacityProviderStrategy().isEmpty()));
    }

    @Test
    void runTaskDividesTasksByBaseAndWeight() {
        var tasks = ecs.runTask(it -> it.taskDefinition("batch")
                        .count(10)
                        .capacityProviderStrategy(item("FARGATE", 2, 1), item("FARGATE_SPOT", 0, 3)))
                .tasks();

        var counts = tasks.stream().collect(Collectors.groupingBy(Task::capacityProviderName, Collectors.counting()));
        assertEquals(4, counts.get("FARGATE"), "2 of the base and 2 of 8 by weight");
        assertEquals(6, counts.get("FARGATE_SPOT"));
        assertTrue(tasks.stream().allMatch(it -> it.launchType() == LaunchType.FARGATE));
        var basesOnly = ecs.runTask(it -> it.taskDefinition("batch")
                        .count(5)
                        .capacityProviderStrategy(item("FARGATE", 2, 0), item("FARGATE_SPOT", 0, 1)))
                .tasks();
        assertEquals(
                List.of("FARGATE", "FARGATE", "FARGATE_SPOT", "FARGATE_SPOT", "FARGATE_SPOT"),
                basesOnly.stream().map(Task::capacityProviderName).toList(),
                "a provider without weight takes its base and no more");
    }

    @Test
    void aProviderOfInstancesTakesOnlyItsOwn() {
        ecs.registerContainerInstance(it -> {});
        ecs.registerContainerInstance(it -> {});
        var tasks = ecs.runTask(
                        it -> it.taskDefinition("resolver").count(5).capacityProviderStrategy(item("spot", 0, 1)))
                .tasks();

        var hosts = simulator.truth().instances().stream()
                .collect(Collectors.toMap(ContainerInstance::containerInstanceArn, Function.identity()));
        assertEquals(5, tasks.size());
        for (var task : tasks) {
            assertEquals("spot", task.capacityProviderName());
            assertEquals("spot", hosts.get(task.containerInstanceArn()).capacityProviderName());
            assertEquals(LaunchType.EC2, task.launchType());
        }
    }

    @Test
    void aClustersDefaultStrategyHoldsWithoutLaunchTypeOnly() {
        ecs.createCluster(it -> it.clusterName("mine")
                .capacityProviders("FARGATE", "FARGATE_SPOT")
                .defaultCapacityProviderStrategy(item("FARGATE_SPOT", 0, 1)));
        ecs.createService(
                it -> it.cluster("mine").serviceName("s").taskDefinition("api").desiredCount(2));
        var run = ecs.runTask(it -> it.cluster("mine").taskDefinition("batch"))
                .tasks()
                .get(0);
        var typed = ecs.runTask(it -> it.cluster("mine").taskDefinition("batch").launchType(LaunchType.FARGATE))
                .tasks()
                .get(0);
        var service = ecs.describeServices(it -> it.cluster("mine").services("s"))
                .services()
                .get(0);

        assertEquals("FARGATE_SPOT", run.capacityProviderName());
        assertNull(typed.capacityProviderName());
        assertNull(service.launchType());
        assertEquals("FARGATE_SPOT", service.capacityProviderStrategy().get(0).capacityProvider());
        assertEquals(2, service.pendingCount());
        ecs.putClusterCapacityProviders(
                it -> it.cluster("mine").capacityProviders("FARGATE").defaultCapacityProviderStrategy(List.of()));
        assertEquals(
                List.of("FARGATE"),
                ecs.describeClusters(it -> it.clusters("mine"))
                        .clusters()
                        .get(0)
                        .capacityProviders());
    }

    @Test
    void strategiesThatMakeNoSenseAreRefused() {
        refuse(item("nobodys", 0, 1));
        refuse(item("FARGATE", 0, 1), item("spot", 0, 1));
        refuse(item("FARGATE", 0, 0), item("FARGATE_SPOT", 0, 0));
        assertThrows(
                InvalidParameterException.class,
                () -> ecs.runTask(it -> it.taskDefinition("batch")
                        .launchType(LaunchType.FARGATE)
                        .capacityProviderStrategy(item("FARGATE", 0, 1))));
    }

    private void refuse(CapacityProviderStrategyItem... items) {
        assertThrows(
                InvalidParameterException.class,
                () -> ecs.runTask(it -> it.taskDefinition("batch").capacityProviderStrategy(items)));
    }

    private static CapacityProviderStrategyItem item(String provider, int base, int weight) {
        return CapacityProviderStrategyItem.builder()
                .capacityProvider(provider)
                .base(base)
                .weight(weight)
                .build();
    }
}
