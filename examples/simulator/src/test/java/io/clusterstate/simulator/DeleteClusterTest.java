package io.clusterstate.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ClusterContainsContainerInstancesException;
import software.amazon.awssdk.services.ecs.model.ClusterContainsServicesException;
import software.amazon.awssdk.services.ecs.model.ClusterContainsTasksException;
import software.amazon.awssdk.services.ecs.model.ClusterField;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceStatus;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskField;

class DeleteClusterTest {
    private static final Tag TAG = Tag.builder().key("owner").value("me").build();

    private final TurnableClock clock = new TurnableClock();
    private final Simulator simulator = Simulator.builder()
            .seed(7)
            .clock(clock)
            .clusters(1)
            .tasks(60)
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
    void aClusterIsNotDeletedWhileSomethingIsInIt() {
        ecs.createCluster(it -> it.clusterName("mine"));
        var host = ecs.registerContainerInstance(it -> it.cluster("mine"))
                .containerInstance()
                .containerInstanceArn();
        ecs.createService(it -> it.cluster("mine")
                .serviceName("web")
                .taskDefinition("api")
                .launchType(LaunchType.FARGATE)
                .desiredCount(1));
        ecs.updateContainerInstancesState(
                it -> it.cluster("mine").containerInstances(host).status(ContainerInstanceStatus.DRAINING));

        var error = assertThrows(ClusterContainsContainerInstancesException.class, () -> delete("mine"));
        assertEquals(400, error.statusCode());
        ecs.deregisterContainerInstance(it -> it.cluster("mine").containerInstance(host));
        assertThrows(ClusterContainsServicesException.class, () -> delete("mine"));
        ecs.deleteService(it -> it.cluster("mine").service("web").force(true));
        assertThrows(ClusterContainsServicesException.class, () -> delete("mine"));
        SimulatedTime.comeToRest(simulator, clock);
        var alone = run("mine", List.of());
        assertThrows(ClusterContainsTasksException.class, () -> delete("mine"));
        ecs.stopTask(it -> it.cluster("mine").task(alone));
        assertThrows(ClusterContainsTasksException.class, () -> delete("mine"));
        SimulatedTime.comeToRest(simulator, clock);

        assertEquals("INACTIVE", delete("mine").status());
    }

    @Test
    void aDeletedClusterIsDescribedAsInactiveForAnHour() {
        var arn = created("mine").clusterArn();

        assertEquals(arn, delete("mine").clusterArn());

        assertFalse(ecs.listClusters().clusterArns().contains(arn));
        assertEquals("INACTIVE", describe(arn).status());
        assertEquals("INACTIVE", describe("mine").status());
        assertEquals(List.of("ACTIVE", "INACTIVE"), statusesOf(simulator.truth()));
        clock.turn(Duration.ofMinutes(59));
        assertEquals("INACTIVE", describe(arn).status());
        clock.turn(Duration.ofMinutes(1));
        var answer = ecs.describeClusters(it -> it.clusters(arn));
        assertEquals("MISSING", answer.failures().get(0).reason());
        assertEquals(List.of("ACTIVE"), statusesOf(simulator.truth()));
    }

    @Test
    void noOperationButDescribeClustersKnowsADeletedCluster() {
        created("mine");
        delete("mine");

        List<Runnable> calls = List.of(
                () -> ecs.listTasks(it -> it.cluster("mine")),
                () -> ecs.listServices(it -> it.cluster("mine")),
                () -> ecs.listContainerInstances(it -> it.cluster("mine")),
                () -> ecs.describeServices(it -> it.cluster("mine").services("a")),
                () -> ecs.describeContainerInstances(it -> it.cluster("mine").containerInstances("a")),
                () -> ecs.registerContainerInstance(it -> it.cluster("mine")),
                () -> run("mine", List.of()),
                () -> delete("mine"));

        calls.forEach(call -> assertThrows(ClusterNotFoundException.class, call::run));
        assertThrows(ClusterNotFoundException.class, () -> delete("none"));
        assertThrows(InvalidParameterException.class, () -> ecs.deleteCluster(it -> {}));
    }

    @Test
    void onlyStoppedTasksWithTagsOutliveTheirCluster() {
        created("mine");
        var tagged = run("mine", List.of(TAG));
        var plain = run("mine", List.of());
        ecs.stopTask(it -> it.cluster("mine").task(tagged));
        ecs.stopTask(it -> it.cluster("mine").task(plain));
        SimulatedTime.comeToRest(simulator, clock);
        delete("mine");

        var answer =
                ecs.describeTasks(it -> it.cluster("mine").tasks(tagged, plain).include(TaskField.TAGS));

        assertEquals(List.of(tagged), arns(answer.tasks()));
        assertEquals("STOPPED", answer.tasks().get(0).lastStatus());
        assertEquals(List.of(TAG), answer.tasks().get(0).tags());
        assertEquals(plain, answer.failures().get(0).arn());
        assertEquals("MISSING", answer.failures().get(0).reason());
        assertTrue(simulator.truth().tasks().containsAll(answer.tasks()));
        assertFalse(arns(simulator.truth().tasks()).contains(plain));
        clock.turn(Duration.ofMinutes(59).plusSeconds(30));
        assertEquals(
                1,
                ecs.describeTasks(it -> it.cluster("mine").tasks(tagged))
                        .failures()
                        .size());
    }

    @Test
    void ofADeletedClusterTheTruthHasNeitherServicesNorInstances() {
        created("mine");
        var host = ecs.registerContainerInstance(it -> it.cluster("mine"))
                .containerInstance()
                .containerInstanceArn();
        ecs.deregisterContainerInstance(it -> it.cluster("mine").containerInstance(host));
        ecs.createService(it -> it.cluster("mine")
                .serviceName("web")
                .taskDefinition("api")
                .launchType(LaunchType.FARGATE)
                .desiredCount(0));
        ecs.deleteService(it -> it.cluster("mine").service("web"));
        var before = simulator.truth();

        delete("mine");

        var after = simulator.truth();
        assertEquals(before.instances().size() - 1, after.instances().size());
        assertEquals(before.services().size() - 1, after.services().size());
        assertFalse(after.clusterArnOf().containsKey(host));
    }

    @Test
    void aClusterOfADeletedOnesNameIsNewAndEmptyUnderTheSameArn() {
        var first = created("mine");
        var tagged = run("mine", List.of(TAG));
        ecs.stopTask(it -> it.cluster("mine").task(tagged));
        SimulatedTime.comeToRest(simulator, clock);
        delete("mine");

        var second = ecs.createCluster(it -> it.clusterName("mine").tags(TAG)).cluster();

        assertEquals(first.clusterArn(), second.clusterArn());
        assertEquals("ACTIVE", second.status());
        assertEquals(
                List.of(TAG),
                ecs.describeClusters(it -> it.clusters("mine").include(ClusterField.TAGS))
                        .clusters()
                        .get(0)
                        .tags());
        assertEquals(
                "MISSING",
                ecs.describeTasks(it -> it.cluster("mine").tasks(tagged))
                        .failures()
                        .get(0)
                        .reason());
        run("mine", List.of());
        clock.turn(Duration.ofHours(2));
        assertEquals(1, ecs.listTasks(it -> it.cluster("mine")).taskArns().size());
        assertEquals(2, ecs.listClusters().clusterArns().size());
    }

    @Test
    void staleListsShowADeletedClusterForSeconds() {
        var arn = created("mine").clusterArn();
        simulator.faults().use(EnumSet.of(Fault.STALE_LISTS));
        clock.turn(Duration.ofSeconds(6));
        delete("mine");

        boolean soon = listedWithinFiveCalls(arn);
        clock.turn(Duration.ofSeconds(6));
        boolean later = listedWithinFiveCalls(arn);

        assertTrue(soon);
        assertFalse(later);
    }

    @Test
    void deletedThingsGetNoNewTasksHoweverLongTheWorldGoesOn() {
        simulator.faults().use(EnumSet.of(Fault.VANISH));
        created("mine");
        delete("mine");
        var services = ecs.listServices(it -> it.maxResults(100)).serviceArns();
        var half = services.subList(0, services.size() / 2);
        half.forEach(arn -> ecs.deleteService(it -> it.service(arn).force(true)));

        SimulatedTime.steps(simulator, clock, 600);
        SimulatedTime.comeToRest(simulator, clock);

        var truth = simulator.truth();
        assertTrue(truth.events().emitted() > 300);
        for (var service : truth.services()) {
            assertEquals(half.contains(service.serviceArn()) ? "INACTIVE" : "ACTIVE", service.status());
            assertEquals(service.status().equals("ACTIVE"), service.desiredCount() > 0);
        }
        assertTrue(truth.tasks().stream()
                .allMatch(it -> it.clusterArn().equals(truth.clusters().get(0).clusterArn())));
        for (var arn : half) {
            assertEquals(List.of(), ecs.listTasks(it -> it.serviceName(arn)).taskArns());
        }
    }

    @Test
    void aWorldWithoutClustersStandsStillAndGoesOnWithTheNextOne() {
        simulator.faults().use(EnumSet.of(Fault.VANISH));
        simulator.step();
        assertTrue(simulator.vanishCluster(simulator.truth().clusters().get(0).clusterArn()));
        long before = simulator.truth().events().emitted();
        SimulatedTime.steps(simulator, clock, 50);
        simulator.drive(500);
        assertEquals(List.of(), ecs.listClusters().clusterArns());
        assertEquals(before, simulator.truth().events().emitted());

        created("mine");

        Await.until("events", () -> simulator.truth().events().emitted() > before);
        simulator.pause();
    }

    private Cluster created(String name) {
        return ecs.createCluster(it -> it.clusterName(name)).cluster();
    }

    private Cluster delete(String cluster) {
        return ecs.deleteCluster(it -> it.cluster(cluster)).cluster();
    }

    private Cluster describe(String cluster) {
        return ecs.describeClusters(it -> it.clusters(cluster)).clusters().get(0);
    }

    private String run(String cluster, List<Tag> tags) {
        return ecs.runTask(it -> it.cluster(cluster)
                        .taskDefinition("batch")
                        .launchType(LaunchType.FARGATE)
                        .tags(tags))
                .tasks()
                .get(0)
                .taskArn();
    }

    private boolean listedWithinFiveCalls(String arn) {
        for (int i = 0; i < 5; i++) {
            if (Set.copyOf(ecs.listClusters().clusterArns()).contains(arn)) {
                return true;
            }
        }
        return false;
    }

    private static List<String> statusesOf(Truth truth) {
        return truth.clusters().stream().map(Cluster::status).toList();
    }

    private static List<String> arns(List<Task> tasks) {
        return tasks.stream().map(Task::taskArn).toList();
    }
}
