package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.HashSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;

class VanishTest {
    private final TurnableClock clock = new TurnableClock();
    private final Simulator simulator =
            Simulator.builder().seed(9).clock(clock).clusters(1).tasks(90).build();
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
    void whatVanishesMakesNoEvent() {
        simulator.faults().use(EnumSet.of(Fault.VANISH));
        SimulatedTime.steps(simulator, clock, 100);
        SimulatedTime.comeToRest(simulator, clock);
        var there = new HashSet<String>();
        simulator.truth().tasks().forEach(it -> there.add(it.taskArn()));
        var ended = new HashSet<String>();
        var told = new HashSet<String>();
        for (var event : clients.events()) {
            if (event.isOfTask()) {
                told.add(event.resource());
                if (event.status().equals("STOPPED")) {
                    ended.add(event.resource());
                }
            }
        }

        told.removeAll(there);
        told.removeAll(ended);

        assertFalse(told.isEmpty());
    }

    @Test
    void aVanishedTaskIsMissingAndReplaced() {
        var service = simulator.truth().services().get(0);
        var before = ecs.listTasks(it -> it.serviceName(service.serviceName())).taskArns();

        assertTrue(simulator.vanishTask(before.get(0)));

        assertFalse(simulator.vanishTask(before.get(0)));
        assertEquals(
                "MISSING",
                ecs.describeTasks(it -> it.tasks(before.get(0)))
                        .failures()
                        .get(0)
                        .reason());
        var after = ecs.listTasks(it -> it.serviceName(service.serviceName())).taskArns();
        assertEquals(before.size(), after.size());
        assertFalse(after.contains(before.get(0)));
        assertTrue(clients.events().stream().noneMatch(it -> it.resource().equals(before.get(0))));
    }

    @Test
    void aVanishedInstanceTakesItsTasksWithIt() {
        var host = simulator.truth().instances().stream()
                .filter(it -> it.runningTasksCount() > 0)
                .findFirst()
                .orElseThrow()
                .containerInstanceArn();
        var tasks = ecs.listTasks(it -> it.containerInstance(host)).taskArns();

        assertTrue(simulator.vanishInstance(host));

        assertFalse(ecs.listContainerInstances().containerInstanceArns().contains(host));
        assertEquals(
                tasks.size(),
                ecs.describeTasks(it -> it.tasks(tasks)).failures().size());
        assertTrue(
                clients.events().stream().noneMatch(it -> it.resource().equals(host) || tasks.contains(it.resource())));
    }

    @Test
    void aVanishedServiceTakesItsTasksWithIt() {
        var service = simulator.truth().services().get(0);
        var tasks = ecs.listTasks(it -> it.serviceName(service.serviceName())).taskArns();
        ecs.stopTask(it -> it.task(tasks.get(0)));
        clients.events();

        assertTrue(simulator.vanishService(service.serviceArn()));

        assertFalse(simulator.vanishService(service.serviceArn()));
        assertFalse(ecs.listServices(it -> it.maxResults(100)).serviceArns().contains(service.serviceArn()));
        assertEquals(
                "MISSING",
                ecs.describeServices(it -> it.services(service.serviceArn()))
                        .failures()
                        .get(0)
                        .reason());
        assertEquals(
                tasks.size(),
                ecs.describeTasks(it -> it.tasks(tasks)).failures().size());
        SimulatedTime.comeToRest(simulator, clock);
        assertTrue(clients.events().stream().noneMatch(it -> tasks.contains(it.resource())));
        assertFalse(simulator.truth().services().stream()
                .anyMatch(it -> it.serviceArn().equals(service.serviceArn())));
        assertEquals(
                "ACTIVE",
                ecs.createService(it -> it.serviceName(service.serviceName()).taskDefinition(service.taskDefinition()))
                        .service()
                        .status());
    }

    @Test
    void aVanishedClusterTakesEverythingWithIt() {
        for (int i = 0; i < 1_000 && !hasDrainingInstance(); i++) {
            SimulatedTime.steps(simulator, clock, 1);
        }
        assertTrue(hasDrainingInstance());
        var cluster = simulator.truth().clusters().get(0).clusterArn();
        clients.events();

        assertTrue(simulator.vanishCluster(cluster));

        assertFalse(simulator.vanishCluster(cluster));
        assertEquals(
                "MISSING",
                ecs.describeClusters(it -> it.clusters(cluster))
                        .failures()
                        .get(0)
                        .reason());
        assertThrows(ClusterNotFoundException.class, () -> ecs.describeTasks(it -> it.tasks("a")));
        assertTrue(ecs.listClusters().clusterArns().isEmpty());
        SimulatedTime.steps(simulator, clock, 50);
        SimulatedTime.comeToRest(simulator, clock);
        assertTrue(clients.events().isEmpty());
        var truth = simulator.truth();
        assertTrue(truth.clusters().isEmpty() && truth.tasks().isEmpty());
        assertTrue(truth.services().isEmpty() && truth.instances().isEmpty());
    }

    private boolean hasDrainingInstance() {
        return simulator.truth().instances().stream().anyMatch(it -> it.status().equals("DRAINING"));
    }
}
