package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.Tag;

class EventsTest {
    private final TurnableClock clock = new TurnableClock();
    private final Simulator simulator =
            Simulator.builder().seed(11).clock(clock).clusters(2).tasks(300).build();
    private final Clients clients = new Clients(simulator);

    @AfterEach
    void close() {
        clients.close();
        simulator.close();
    }

    @Test
    void aFargateTaskMakesOneEventForEachStep() {
        simulator.start();
        var ecs = clients.ecs();
        var arn = ecs.runTask(it -> it.taskDefinition("batch")
                        .launchType(LaunchType.FARGATE)
                        .tags(Tag.builder().key("k").value("v").build()))
                .tasks()
                .get(0)
                .taskArn();
        SimulatedTime.comeToRest(simulator, clock);
        ecs.stopTask(it -> it.task(arn));
        SimulatedTime.comeToRest(simulator, clock);

        assertEquals(
                List.of(
                        "1 PROVISIONING/RUNNING",
                        "2 PENDING/RUNNING",
                        "3 RUNNING/RUNNING",
                        "4 RUNNING/STOPPED",
                        "5 DEPROVISIONING/STOPPED",
                        "6 STOPPED/STOPPED"),
                steps(clients.events(), arn));
    }

    @Test
    void managedAgentsHaveAStatusInEventsAndALastStatusInTheApi() {
        simulator.start();
        var ecs = clients.ecs();
        var arn = ecs.runTask(it -> it.taskDefinition("batch")
                        .launchType(LaunchType.FARGATE)
                        .enableExecuteCommand(true))
                .tasks()
                .get(0)
                .taskArn();
        SimulatedTime.comeToRest(simulator, clock);

        var described = ecs.describeTasks(it -> it.tasks(arn))
                .tasks()
                .get(0)
                .containers()
                .get(0)
                .managedAgents()
                .get(0);
        assertEquals("RUNNING", described.lastStatus());
        assertNotNull(described.lastStartedAt());
        var told = of(clients.events(), arn).stream()
                .map(it -> it.detail()
                        .get("containers")
                        .get(0)
                        .get("managedAgents")
                        .get(0))
                .map(Object::toString)
                .toList();
        assertEquals(
                List.of(
                        "{\"name\":\"ExecuteCommandAgent\",\"status\":\"PENDING\"}",
                        "{\"name\":\"ExecuteCommandAgent\",\"status\":\"PENDING\"}",
                        "{\"name\":\"ExecuteCommandAgent\",\"status\":\"RUNNING\"}"),
                told);
    }

    @Test
    void aTaskBehindALoadBalancerIsTakenInAndLetGo() {
        simulator.start();
        var ecs = clients.ecs();
        ecs.createService(it -> it.serviceName("balanced")
                .taskDefinition("api")
                .launchType(LaunchType.FARGATE)
                .desiredCount(1)
                .loadBalancers(LoadBalancer.builder()
                        .containerName("api")
                        .containerPort(8080)
                        .build()));
        SimulatedTime.comeToRest(simulator, clock);
        var arn = ecs.listTasks(it -> it.serviceName("balanced")).taskArns().get(0);
        ecs.updateService(it -> it.service("balanced").desiredCount(0));
        SimulatedTime.comeToRest(simulator, clock);

        assertEquals(
                List.of(
                        "1 PROVISIONING/RUNNING",
                        "2 PENDING/RUNNING",
                        "3 ACTIVATING/RUNNING",
                        "4 RUNNING/RUNNING",
                        "5 DEACTIVATING/STOPPED",
                        "7 DEPROVISIONING/STOPPED",
                        "8 STOPPED/STOPPED"),
                steps(clients.events(), arn));
    }

    @Test
    void aTaskOnAnInstanceTellsOfTheInstanceToo() {
        simulator.start();
        var ecs = clients.ecs();
        var host = ecs.registerContainerInstance(it -> {}).containerInstance();
        var arn = ecs.startTask(it -> it.taskDefinition("web").containerInstances(host.containerInstanceArn()))
                .tasks()
                .get(0)
                .taskArn();
        SimulatedTime.comeToRest(simulator, clock);
        ecs.stopTask(it -> it.task(arn));
        SimulatedTime.comeToRest(simulator, clock);
        var events = clients.events();

        assertEquals(
                List.of("1 PENDING/RUNNING", "2 RUNNING/RUNNING", "3 RUNNING/STOPPED", "4 STOPPED/STOPPED"),
                steps(events, arn));
        var room = of(events, host.containerInstanceArn()).stream()
                .map(EventsTest::remainingCpu)
                .toList();
        assertEquals(4, room.size());
        assertEquals(List.of(room.get(0), room.get(1), room.get(1), room.get(0)), room);
        assertTrue(room.get(1) < room.get(0), room.toString());
        var stopped = of(events, arn).get(3).detail();
        assertEquals("UserInitiated", stopped.get("stopCode").asText());
        assertEquals(143, stopped.get("containers").get(0).get("exitCode").asInt());
        assertTrue(stopped.get("containers")
                        .get(0)
                        .get("networkBindings")
                        .get(0)
                        .get("hostPort")
                        .asInt()
                > 32_767);
    }

    @Test
    void healthChangesWithoutAnEventAndWithoutAVersion() {
        simulator.start();
        var ecs = clients.ecs();
        var arn = ecs.listTasks().taskArns().get(0);
        var before = ecs.describeTasks(it -> it.tasks(arn)).tasks().get(0);

        assertTrue(simulator.reportHealth(arn, HealthStatus.UNHEALTHY));

        var after = ecs.describeTasks(it -> it.tasks(arn)).tasks().get(0);
        assertEquals(HealthStatus.UNHEALTHY, after.healthStatus());
        assertEquals(HealthStatus.UNHEALTHY, after.containers().get(0).healthStatus());
        assertEquals(before.version(), after.version());
        assertTrue(clients.events().isEmpty());
        assertFalse(simulator.reportHealth("none", HealthStatus.HEALTHY));
    }

    @Test
    void whatIsThereAtTheBeginningIsNotTold() {
        simulator.start();

        assertTrue(clients.events().isEmpty());
        assertEquals(300, simulator.truth().tasks().size());
    }

    @Test
    void stepsBeforeTheStartAreSentAtTheStart() {
        SimulatedTime.steps(simulator, clock, 5);
        long emitted = simulator.truth().events().emitted();

        simulator.start();

        assertTrue(emitted > 0);
        assertEquals(emitted, clients.events().size());
    }

    private static List<Event> of(List<Event> events, String arn) {
        return events.stream().filter(it -> it.resource().equals(arn)).toList();
    }

    private static int remainingCpu(Event ofInstance) {
        var resources = ofInstance.detail().get("remainingResources");
        for (var resource : resources) {
            if (resource.get("name").asText().equals("CPU")) {
                return resource.get("integerValue").asInt();
            }
        }
        throw new AssertionError("remainingResources: " + resources + " (expected: CPU among them)");
    }

    private static List<String> steps(List<Event> events, String arn) {
        return of(events, arn).stream()
                .map(it -> it.version() + " " + it.status() + "/"
                        + it.detail().get("desiredStatus").asText())
                .toList();
    }
}
