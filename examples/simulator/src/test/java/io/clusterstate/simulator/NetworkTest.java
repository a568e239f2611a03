package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.NetworkBinding;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.Task;

/** The addresses and ports of tasks, by network mode. */
class NetworkTest {
    private final TurnableClock clock = new TurnableClock();
    private final Simulator simulator =
            Simulator.builder().clock(clock).clusters(1).tasks(0).withoutSqs().build();
    private final Clients clients = new Clients(simulator);
    private EcsClient ecs;

    @BeforeEach
    void start() {
        simulator.start();
        ecs = clients.ecs();
        ecs.registerContainerInstance(it -> {});
    }

    @AfterEach
    void close() {
        clients.close();
        simulator.close();
    }

    @Test
    void bridgeTasksGetDynamicHostPortsOfTheirOwn() {
        var first = running("web", LaunchType.EC2);
        var second = running("web", LaunchType.EC2);

        var bindings = bindings(first);
        assertEquals(
                List.of(80, 8080),
                bindings.stream().map(NetworkBinding::containerPort).toList());
        assertEquals("0.0.0.0", bindings.get(0).bindIP());
        bindings.addAll(bindings(second));
        assertEquals(
                4, bindings.stream().map(NetworkBinding::hostPort).distinct().count());
        assertTrue(bindings.stream().allMatch(it -> it.hostPort() >= 32_768));
        assertTrue(first.attachments().isEmpty());
    }

    @Test
    void hostTasksBindTheirContainerPorts() {
        ecs.registerTaskDefinition(it -> it.family("proxy")
                .networkMode(NetworkMode.HOST)
                .containerDefinitions(ContainerDefinition.builder()
                        .name("proxy")
                        .image("proxy")
                        .memory(64)
                        .portMappings(PortMapping.builder().containerPort(443).build())
                        .build()));

        var binding = bindings(running("proxy", LaunchType.EC2)).get(0);

        assertEquals(443, binding.hostPort());
        assertEquals(443, binding.containerPort());
        assertEquals(
                "RESOURCE:PORTS",
                ecs.runTask(it -> it.taskDefinition("proxy")).failures().get(0).reason());
    }

    @Test
    void tasksWithAnInterfaceHaveItsAddress() {
        for (var launchType : List.of(LaunchType.EC2, LaunchType.FARGATE)) {
            var task = running("api", launchType);
            var eni = task.attachments().get(0);
            var details = eni.details().stream().collect(Collectors.toMap(it -> it.name(), it -> it.value()));

            assertEquals("ElasticNetworkInterface", eni.type());
            assertEquals("ATTACHED", eni.status());
            assertTrue(details.get("privateIPv4Address").matches("10\\.\\d+\\.\\d+\\.\\d+"), details::toString);
            assertTrue(details.get("networkInterfaceId").startsWith("eni-"));
            assertTrue(details.get("subnetId").startsWith("subnet-"));
            assertTrue(bindings(task).isEmpty());
            for (var container : task.containers()) {
                var own = container.networkInterfaces().get(0);
                assertEquals(eni.id(), own.attachmentId());
                assertEquals(details.get("privateIPv4Address"), own.privateIpv4Address());
            }
        }
    }

    private Task running(String family, LaunchType launchType) {
        var arn = ecs.runTask(it -> it.taskDefinition(family).launchType(launchType))
                .tasks()
                .get(0)
                .taskArn();
        SimulatedTime.comeToRest(simulator, clock);
        return ecs.describeTasks(it -> it.tasks(arn)).tasks().get(0);
    }

    private static List<NetworkBinding> bindings(Task task) {
        return task.containers().stream()
                .flatMap(it -> it.networkBindings().stream())
                .collect(Collectors.toList());
    }
}
