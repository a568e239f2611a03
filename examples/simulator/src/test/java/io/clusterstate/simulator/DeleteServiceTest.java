package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceNotActiveException;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;

class DeleteServiceTest {
    private final TurnableClock clock = new TurnableClock();
    private final Simulator simulator = Simulator.builder()
            .seed(7)
            .clock(clock)
            .clusters(1)
            .tasks(60)
            .shortArnShare(0.5)
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
    void withoutForceAServiceIsDeletedOnlyWhenItHasNoTasks() {
        created("mine", 2);

        assertThrows(InvalidParameterException.class, () -> delete("mine", false));
        ecs.updateService(it -> it.service("mine").desiredCount(0));
        assertThrows(InvalidParameterException.class, () -> delete("mine", false));
        SimulatedTime.comeToRest(simulator, clock);

        assertEquals("DRAINING", delete("mine", false).status());
        assertEquals("INACTIVE", describe("mine").status());
    }

    @Test
    void withForceItsTasksAreStoppedAndThenItIsInactive() {
        created("mine", 3);
        SimulatedTime.comeToRest(simulator, clock);
        var tasks = ecs.listTasks(it -> it.serviceName("mine")).taskArns();

        var deleted = delete("mine", true);
        var draining = describe("mine");
        SimulatedTime.comeToRest(simulator, clock);

        assertEquals("DRAINING", deleted.status());
        assertEquals(0, deleted.desiredCount());
        assertEquals("DRAINING", draining.status());
        assertEquals("INACTIVE", describe("mine").status());
        assertEquals(0, describe("mine").runningCount());
        var ended = ecs.describeTasks(it -> it.tasks(tasks)).tasks();
        assertEquals(3, ended.size());
        for (var task : ended) {
            assertEquals("STOPPED", task.lastStatus());
            assertEquals("ServiceSchedulerInitiated", task.stopCodeAsString());
        }
    }

    @Test
    void aDeletedServiceIsDescribedForAnHourAndListedNoMore() {
        var arn = created("mine", 1).serviceArn();
        int before = cluster();

        delete("mine", true);

        assertFalse(listed().contains(arn));
        assertEquals(before - 1, cluster());
        assertTrue(statuses(arn).contains("DRAINING"));
        SimulatedTime.comeToRest(simulator, clock);
        assertFalse(listed().contains(arn));
        assertEquals(List.of("INACTIVE"), statuses(arn));
        clock.turn(Duration.ofMinutes(58));
        assertEquals("INACTIVE", describe(arn).status());
        clock.turn(Duration.ofMinutes(2));
        var answer = ecs.describeServices(it -> it.services(arn));
        assertEquals("MISSING", answer.failures().get(0).reason());
        assertEquals(List.of(), statuses(arn));
    }

    @Test
    void aServiceThatIsOverIsNeitherUpdatedNorDeletedAgain() {
        created("mine", 1);
        delete("mine", true);

        assertThrows(ServiceNotActiveException.class, () -> ecs.updateService(it -> it.service("mine")));
        assertEquals("DRAINING", delete("mine", false).status());
        SimulatedTime.comeToRest(simulator, clock);
        assertThrows(ServiceNotActiveException.class, () -> ecs.updateService(it -> it.service("mine")));
        assertThrows(ServiceNotFoundException.class, () -> delete("mine", true));
        assertThrows(ServiceNotFoundException.class, () -> delete("none", true));
    }

    @Test
    void aServiceOfADeletedOnesNameIsNewUnderTheSameArn() {
        for (int i = 0; i < 6; i++) {
            var name = "mine-" + i;
            var first = created(name, 1);
            delete(name, true);
            assertThrows(InvalidParameterException.class, () -> created(name, 1));
            SimulatedTime.comeToRest(simulator, clock);

            var second = created(name, 2);
            SimulatedTime.comeToRest(simulator, clock);

            assertEquals(first.serviceArn(), second.serviceArn());
            assertEquals("ACTIVE", second.status());
            assertTrue(second.createdAt().isAfter(first.createdAt()));
            assertNotEquals(
                    first.deployments().get(0).id(), second.deployments().get(0).id());
            clock.turn(Duration.ofHours(2));
            assertEquals(2, describe(name).runningCount());
            assertTrue(listed().contains(second.serviceArn()));
        }
    }

    @Test
    void aServiceThatRollsIsDeletedWithTheTasksOfAllItsDeployments() {
        created("mine", 2);
        SimulatedTime.comeToRest(simulator, clock);
        ecs.updateService(it -> it.service("mine").forceNewDeployment(true));
        assertEquals(2, describe("mine").deployments().size());

        delete("mine", true);
        SimulatedTime.comeToRest(simulator, clock);

        assertEquals("INACTIVE", describe("mine").status());
        assertTrue(simulator.truth().tasks().stream()
                .filter(it -> it.group().equals("service:mine"))
                .allMatch(it -> it.lastStatus().equals("STOPPED")));
    }

    @Test
    void aDrainingServiceIsInactiveWhenItsLastTaskVanishes() {
        created("mine", 1);
        SimulatedTime.comeToRest(simulator, clock);
        var task = ecs.listTasks(it -> it.serviceName("mine")).taskArns().get(0);
        delete("mine", true);
        assertEquals("DRAINING", describe("mine").status());

        simulator.vanishTask(task);

        assertEquals("INACTIVE", describe("mine").status());
    }

    @Test
    void aServiceThatWaitsForRoomWaitsNoMoreWhenItIsDeleted() {
        ecs.createCluster(it -> it.clusterName("tiny"));
        ecs.createService(it ->
                it.cluster("tiny").serviceName("big").taskDefinition("trainer").desiredCount(3));

        ecs.deleteService(it -> it.cluster("tiny").service("big").force(true));
        ecs.registerContainerInstance(it -> it.cluster("tiny"));

        assertEquals(List.of(), ecs.listTasks(it -> it.cluster("tiny")).taskArns());
        assertEquals(
                "INACTIVE",
                ecs.describeServices(it -> it.cluster("tiny").services("big"))
                        .services()
                        .get(0)
                        .status());
        SimulatedTime.steps(simulator, clock, 60);
        assertEquals(
                1,
                ecs.listContainerInstances(it -> it.cluster("tiny"))
                        .containerInstanceArns()
                        .size());
    }

    @Test
    void staleListsShowADeletedServiceForSeconds() {
        var arn = created("mine", 0).serviceArn();
        simulator.faults().use(EnumSet.of(Fault.STALE_LISTS));
        clock.turn(Duration.ofSeconds(6));
        delete("mine", false);

        var soon = listed();
        clock.turn(Duration.ofSeconds(6));
        var later = listed();

        assertTrue(soon.contains(arn));
        assertFalse(later.contains(arn));
    }

    private Service created(String name, int count) {
        return ecs.createService(it -> it.serviceName(name)
                        .taskDefinition("api")
                        .launchType(LaunchType.FARGATE)
                        .desiredCount(count))
                .service();
    }

    private Service delete(String name, boolean force) {
        return ecs.deleteService(it -> it.service(name).force(force)).service();
    }

    private Service describe(String name) {
        return ecs.describeServices(it -> it.services(name)).services().get(0);
    }

    private int cluster() {
        return ecs.describeClusters().clusters().get(0).activeServicesCount();
    }

    private List<String> statuses(String arn) {
        return simulator.truth().services().stream()
                .filter(it -> it.serviceArn().equals(arn))
                .map(Service::status)
                .toList();
    }

    /** All services listed, asked again as pages may be empty. */
    private Set<String> listed() {
        var arns = new HashSet<String>();
        for (int i = 0; i < 5; i++) {
            arns.addAll(ecs.listServices(it -> it.maxResults(100)).serviceArns());
        }
        return arns;
    }
}
